/** What protects a `mutate`, and what happens where it can't: Redis away, or emptied. */
import { defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeCache, describeRedis, type Open, type RedisBench } from './caches.ts'
import { Recorder } from './events.ts'
import { HeldSource } from './sources.ts'

const catalog = defineCatalog('quarantine', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})

describeCache('a quarantine', (open) => {
  const openWriter = async (quarantine: '1s' | '30s') => {
    const sources = { item: async () => 1 }
    const writer = await open(catalog, { sources, quarantine })
    return { writer, other: await open(catalog, { sources }), key: writer.item.key('a') }
  }

  it('must outlast the longest time in which the database may commit', async () => {
    const opening = open(catalog, { quarantine: '10s', writeTimeout: '11s' })
    await expect(opening).rejects.toMatchObject({ code: 'SP_OPTION_INVALID' })
    await open(catalog, { quarantine: '10s', writeTimeout: '10s' })
    const byDefault = open(catalog, { writeTimeout: '31s' })
    await expect(byDefault).rejects.toMatchObject({ code: 'SP_OPTION_INVALID' })
  })

  it('is of a bounded number of keys, however many writes begin at once', async () => {
    const { writer } = await openWriter('30s')
    const keysOf = (write: number) =>
      Array.from({ length: 1_000 }, (_, key) => writer.item.key(`${write}-${key}`))
    const ends: (() => void)[] = []
    const hold = () => new Promise<void>((resolve) => ends.push(resolve))
    const writes = Array.from({ length: 12 }, (_, write) => writer.mutate(keysOf(write), hold))
    await eventually('all writes have begun', () => ends.length === writes.length)
    expect(writer.stats().mutations).toMatchObject({ quarantinedKeys: 10_000, unprotected: 2 })
    for (const end of ends) end()
    await Promise.all(writes)
    expect(writer.stats().mutations.quarantinedKeys).toBe(0)
  })

  it('of a write that takes long is renewed', async () => {
    const { writer, other, key } = await openWriter('1s')
    const reasons = new Set<string>()
    await writer.mutate([key], async () => {
      const untilMs = performance.now() + 2_500
      await eventually('two and a half times as long have passed', async () => {
        reasons.add((await other.item.lookup('a')).why)
        return performance.now() > untilMs
      })
    })
    expect([...reasons]).toEqual(['quarantined'])
  })

  it('covers a bounded number of keys; writes beyond run without', async () => {
    const { writer, key } = await openWriter('30s')
    const keysOf = (from: number) =>
      Array.from({ length: 1_000 }, (_, index) => writer.item.key(`n${from + index}`))
    let end = (): void => {}
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const writes = Array.from({ length: 10 }, (_, index) =>
      writer.mutate(keysOf(index * 1_000), () => ended),
    )
    await vi.waitUntil(() => writer.stats().mutations.quarantinedKeys === 10_000)
    expect(await writer.mutate([key], () => 'written')).toBe('written')
    const refused = writer.mutate([key], () => 'never', { whenRedisIsDown: 'refuse' })
    await expect(refused).rejects.toMatchObject({ code: 'SP_REDIS_DOWN' })
    expect(writer.stats().mutations.unprotected).toBe(1)
    end()
    await Promise.all(writes)
  })
})

interface Fixture {
  readonly recorder: Recorder
  readonly writer: Awaited<ReturnType<typeof openOne>>
  readonly other: Awaited<ReturnType<typeof openOne>>
  readonly database: { value: number }
}

function openOne(open: Open, database: { value: number }, recorder: Recorder) {
  const sources = { item: async () => database.value }
  return open(catalog, { sources, observers: [recorder] })
}

async function openTwo({ open }: RedisBench): Promise<Fixture> {
  const [database, recorder] = [{ value: 1 }, new Recorder()]
  const writer = await openOne(open, database, recorder)
  return { database, recorder, writer, other: await openOne(open, database, new Recorder()) }
}

describeRedis('a mutate that meets trouble', (bench) => {
  const slotKey = () => `{${bench.namespace}:0}:k:item:a`

  /** Redis away, as the writer has noticed. */
  const takeAway = async (cache: Fixture['writer']) => {
    await bench.server.kill()
    await vi.waitUntil(() => cache.health().state === 'down-to-source')
  }

  it('runs without a quarantine when Redis is away, and is released when it is back', async () => {
    const { writer, other, database, recorder } = await openTwo(bench)
    await takeAway(writer)
    const result = await writer.mutate([writer.item.key('a')], () => {
      database.value = 2
      return 'written'
    })
    expect(result).toBe('written')
    await vi.waitUntil(() => writer.pending().length === 1)
    expect(writer.pending()).toMatchObject([{ key: 'item:a' }])
    expect(recorder.of('mutate')).toMatchObject([{ outcome: 'committed', quarantined: false }])
    expect(writer.stats().mutations).toMatchObject({ quarantinedKeys: 0, unprotected: 1 })
    await bench.server.restart()
    await vi.waitUntil(() => writer.pending().length === 0, { timeout: 10_000 })
    expect(await other.item.get('a')).toBe(2)
  })

  it('is refused before it begins where that was asked for', async () => {
    const { writer, recorder } = await openTwo(bench)
    await takeAway(writer)
    const write = vi.fn()
    const options = { whenRedisIsDown: 'refuse' } as const
    const refused = writer.mutate([writer.item.key('a')], write, options)
    await expect(refused).rejects.toMatchObject({ code: 'SP_REDIS_DOWN' })
    expect(write).not.toHaveBeenCalled()
    expect(recorder.of('mutate')).toMatchObject([{ outcome: 'refused', quarantined: false }])
    expect(writer.pending()).toEqual([])
    await bench.server.restart()
  })

  it('that was refused leaves no quarantine behind', async () => {
    const { writer, other } = await openTwo(bench)
    await writer.item.get('a')
    bench.server.freeze()
    const options = { whenRedisIsDown: 'refuse' } as const
    const refused = writer.mutate([writer.item.key('a')], () => 'never', options)
    await expect(refused).rejects.toMatchObject({ code: 'SP_REDIS_DOWN' })
    bench.server.resume()
    await eventually('the key can be cached', async () => {
      return (await other.item.lookup('a')).from === 'memory'
    })
    expect(writer.stats().mutations.quarantinedKeys).toBe(0)
  })

  it('has a receipt whose token makes reads fresh while its release is pending', async () => {
    const { writer, other, database } = await openTwo(bench)
    await other.item.get('a')
    await takeAway(writer)
    const write = () => {
      database.value = 2
    }
    const { receipt } = await writer.mutate([writer.item.key('a')], write, { receipt: true })
    expect(receipt.pending).toEqual(['item:a'])
    expect(await other.item.get('a', { after: receipt.token })).toBe(2)
    await bench.server.restart()
  })

  it('is released after Redis was away for its end only', async () => {
    const { writer, other, database } = await openTwo(bench)
    await writer.mutate([writer.item.key('a')], async () => {
      await takeAway(writer)
      database.value = 2
    })
    await vi.waitUntil(() => writer.pending().length === 1)
    await bench.server.restart()
    await vi.waitUntil(() => writer.pending().length === 0, { timeout: 10_000 })
    await eventually('it is cached', async () => (await other.item.lookup('a')).from === 'memory')
    expect(await other.item.get('a')).toBe(2)
  })

  it('is in quarantine again on a Redis that has lost it', async () => {
    const { writer } = await openTwo(bench)
    await writer.mutate([writer.item.key('a')], async () => {
      await bench.server.restart()
      await eventually('it was placed again', async () => {
        return (await bench.client.get(slotKey()))?.startsWith('Q') === true
      })
    })
  })

  // Finding 3 of the protocol: a release that finds its quarantine gone empties the slot.
  it('whose quarantine was lost removes what was stored meanwhile', async () => {
    const { writer, other, database } = await openTwo(bench)
    await writer.mutate([writer.item.key('a')], async () => {
      await bench.client.del(slotKey())
      expect(await other.item.get('a')).toBe(1)
      await other.settled()
      database.value = 2
    })
    await writer.settled()
    expect(await other.item.get('a', { consistency: 'strict' })).toBe(2)
  })

  it('keeps nothing of what it reads itself, also where its quarantine was lost', async () => {
    const { writer } = await openTwo(bench)
    await writer.mutate([writer.item.key('a')], async () => {
      await bench.client.del(slotKey())
      const outcomes = [await writer.item.lookup('a'), await writer.item.lookup('a')]
      expect(outcomes).toMatchObject([{ from: 'source' }, { from: 'source' }])
      expect(await bench.client.get(slotKey())).toBeNull()
    })
  })

  it('whose quarantine was lost refuses what is being loaded meanwhile', async () => {
    const { writer, other } = await openTwo(bench)
    const source = new HeldSource<string, number>()
    const slow = await bench.open(catalog, { sources: { item: source.load } })
    let early: Promise<number | undefined> | undefined
    await writer.mutate([writer.item.key('a')], async () => {
      await bench.client.del(slotKey())
      early = slow.item.get('a')
      await vi.waitUntil(() => source.calls.length === 1)
    })
    await writer.settled()
    source.call().answer(0)
    expect(await early).toBe(0)
    await slow.settled()
    expect(slow.item.peek('a')).toBeUndefined()
    expect(await other.item.get('a')).toBe(1)
  })

  it('of several writers keeps no key from the cache when all have ended', async () => {
    const { writer, other } = await openTwo(bench)
    const keys = [writer.item.key('a')]
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? writer : other).mutate(keys, () => index, { receipt: true }),
      ),
    )
    expect(await bench.client.get(slotKey())).toBeNull()
  })
})
