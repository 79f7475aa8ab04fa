import { type Cache, defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache, describeRedis } from './caches.ts'
import { Recorder } from './events.ts'

const catalog = defineCatalog('lock', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})
type LockCache = Pick<Cache<typeof catalog.families>, 'lock'>

/** Work that holds a lock until the test lets it go. */
async function hold(cache: LockCache, ttl: `${number}ms` | `${number}s` = '10s') {
  let letGo = (): void => {}
  let began = (_held: { signal: AbortSignal; fence: number }): void => {}
  const beginning = new Promise<{ signal: AbortSignal; fence: number }>((resolve) => {
    began = resolve
  })
  const done = cache.lock('work', { ttl }, (signal, fence) => {
    began({ signal, fence })
    return new Promise<void>((resolve) => {
      letGo = resolve
    })
  })
  const { signal, fence } = await beginning
  return { signal, fence, done, letGo: () => letGo() }
}

describeCache('a lock', (open) => {
  it('returns what its work returned, and is given back', async () => {
    const [one, two] = [await open(catalog), await open(catalog)]
    expect(await one.lock('work', { ttl: '10s' }, () => 'done')).toBe('done')
    expect(await two.lock('work', { ttl: '10s' }, () => 'again')).toBe('again')
  })

  it('is given back when its work fails, whose error is unchanged', async () => {
    const cache = await open(catalog)
    const error = new Error('the work')
    const failing = cache.lock('work', { ttl: '10s' }, () => {
      throw error
    })
    await expect(failing).rejects.toBe(error)
    expect(await cache.lock('work', { ttl: '10s' }, () => 'again')).toBe('again')
  })

  it('is refused while somebody else has it', async () => {
    const [one, two] = [await open(catalog), await open(catalog)]
    const held = await hold(one)
    const work = vi.fn()
    const refused = { code: 'SP_LOCK_TAKEN' }
    await expect(two.lock('work', { ttl: '10s' }, work)).rejects.toMatchObject(refused)
    await expect(one.lock('work', { ttl: '10s' }, work)).rejects.toMatchObject(refused)
    expect(work).not.toHaveBeenCalled()
    expect(await two.lock('other work', { ttl: '10s' }, () => 'done')).toBe('done')
    held.letGo()
    await held.done
  })

  it('is waited for as long as asked', async () => {
    const [one, two] = [await open(catalog), await open(catalog)]
    const held = await hold(one)
    const waited = two.lock('work', { ttl: '10s', wait: '10s' }, () => 'after')
    const inVain = two.lock('work', { ttl: '10s', wait: '50ms' }, () => 'never')
    await expect(inVain).rejects.toMatchObject({ code: 'SP_LOCK_TAKEN' })
    held.letGo()
    expect(await waited).toBe('after')
  })

  it('is no longer waited for when the signal fires', async () => {
    const cache = await open(catalog)
    const held = await hold(cache)
    const controller = new AbortController()
    const { signal } = controller
    const never = vi.fn()
    const waiting = cache.lock('work', { ttl: '10s', wait: '10s', signal }, never)
    const asking = cache.lock('other', { ttl: '10s', signal }, never)
    controller.abort(new Error('no longer'))
    const late = cache.lock('third', { ttl: '10s', signal }, never)
    const ends = await Promise.allSettled([waiting, asking, late])
    const aborted = { status: 'rejected', reason: { code: 'SP_ABORTED' } }
    expect(ends).toMatchObject([aborted, aborted, aborted])
    expect(never).not.toHaveBeenCalled()
    expect(await cache.lock('other', { ttl: '10s' }, () => 'free')).toBe('free')
    held.letGo()
    await held.done
  })

  it('gives every holder a higher fence', async () => {
    const [one, two] = [await open(catalog), await open(catalog)]
    const fences: number[] = []
    for (const cache of [one, two, one, two]) {
      await cache.lock('work', { ttl: '10s' }, (_signal, fence) => fences.push(fence))
    }
    expect(fences).toEqual([...new Set(fences)].sort((left, right) => left - right))
  })

  it('is renewed while its work runs', async () => {
    const [one, two] = [await open(catalog), await open(catalog)]
    const held = await hold(one, '300ms')
    const waiting = two.lock('work', { ttl: '300ms', wait: '1s' }, () => 'never')
    await expect(waiting).rejects.toMatchObject({ code: 'SP_LOCK_TAKEN' })
    expect(held.signal.aborted).toBe(false)
    held.letGo()
    await held.done
  })

  it('fires its signal when the cache closes', async () => {
    const cache = await open(catalog)
    const held = await hold(cache)
    const waiting = cache.lock('work', { ttl: '10s', wait: '10s' }, () => 'never')
    const refused = expect(waiting).rejects.toMatchObject({ code: 'SP_CLOSED' })
    const closing = cache.close()
    expect(held.signal.reason).toMatchObject({ code: 'SP_CLOSED' })
    await refused
    held.letGo()
    await Promise.all([held.done, closing])
    const late = cache.lock('work', { ttl: '10s' }, () => 'never')
    await expect(late).rejects.toMatchObject({ code: 'SP_CLOSED' })
    const other = await open(catalog)
    expect(await other.lock('work', { ttl: '10s' }, () => 'after')).toBe('after')
  })

  it('refuses names and options that can not be used', async () => {
    const cache = await open(catalog)
    const never = () => 'never'
    const refused = { code: 'SP_OPTION_INVALID' }
    for (const name of ['', 'x'.repeat(201), '\ud800', 7 as unknown as string]) {
      await expect(cache.lock(name, { ttl: '10s' }, never)).rejects.toMatchObject(refused)
    }
    for (const options of [{}, { ttl: 0 }, { ttl: '10s', wait: -1 }, { ttl: '10s', signal: 1 }]) {
      await expect(cache.lock('work', options as never, never)).rejects.toMatchObject(refused)
    }
    const name = 'any {name} at all: *?|\n'
    expect(await cache.lock(name, { ttl: '10s' }, () => 'done')).toBe('done')
  })
})

describeRedis('a lock in Redis', (bench) => {
  it('fires its signal when somebody else has it after all', async () => {
    const recorder = new Recorder()
    const cache = await bench.open(catalog, { observers: [recorder] })
    const held = await hold(cache, '600ms')
    await bench.client.del(`{${bench.namespace}:0}:l:work`)
    const thief = await bench.open(catalog)
    const stolen = await hold(thief)
    await vi.waitUntil(() => held.signal.aborted, { timeout: 5_000 })
    expect(held.signal.reason).toMatchObject({ code: 'SP_LOCK_LOST' })
    expect(recorder.faults).toEqual(['SP_LOCK_LOST'])
    expect(stolen.fence).toBeGreaterThan(held.fence)
    held.letGo()
    await held.done
    const third = bench.open(catalog).then((one) => one.lock('work', { ttl: '10s' }, () => 'no'))
    await expect(third).rejects.toMatchObject({ code: 'SP_LOCK_TAKEN' })
    stolen.letGo()
    await stolen.done
  })

  it('fires its signal when it had to be taken anew', async () => {
    const cache = await bench.open(catalog)
    const held = await hold(cache, '300ms')
    await bench.client.del(`{${bench.namespace}:0}:l:work`)
    await vi.waitUntil(() => held.signal.aborted, { timeout: 5_000 })
    held.letGo()
    await held.done
  })

  it('fires its signal when it can not be renewed; with Redis away nobody has one', async () => {
    const cache = await bench.open(catalog)
    const held = await hold(cache, '600ms')
    bench.server.freeze()
    await vi.waitUntil(() => held.signal.aborted, { timeout: 5_000 })
    expect(held.signal.reason).toMatchObject({ code: 'SP_LOCK_LOST' })
    const another = cache.lock('other', { ttl: '10s' }, () => 'never')
    await expect(another).rejects.toMatchObject({ code: 'SP_REDIS_DOWN' })
    bench.server.resume()
    held.letGo()
    await held.done
  })
})
