import { type Cache, defineCatalog, family, shape } from 'staleproof'
import { expect, it, vi } from 'vitest'
import { describeCache, type Open } from './caches.ts'
import { Recorder } from './events.ts'

const catalog = defineCatalog('mutate', {
  item: family('item:{name}', { value: shape<number>(), ttl: '30s' }),
})
type Families = typeof catalog extends { families: infer F } ? F : never

/** What the sources read, and what the writes of the tests change. */
class Database {
  value = 1
  loads = 0
  readonly load = async (): Promise<number> => {
    this.loads++
    return this.value
  }
}

async function openTwo(open: Open, recorder = new Recorder()) {
  const database = new Database()
  const sources = { item: database.load }
  const writer = await open(catalog, { sources, observers: [recorder] })
  const other = await open(catalog, { sources })
  const key = writer.item.key('a')
  return { database, writer, other, key, recorder }
}

/** The releases, without the messages that tell of them. */
function callsIn(recorder: Recorder) {
  return recorder.of('invalidate').filter(({ via }) => via === 'call')
}

/** A write that has begun, and ends when the test says so. */
function heldWrite(cache: Cache<Families>, keys: Parameters<typeof cache.mutate>[0]) {
  let begun = false
  let commit = (_value: string): void => {}
  let fail = (_error: Error): void => {}
  const done = cache.mutate(keys as [], () => {
    begun = true
    return new Promise<string>((resolve, reject) => {
      commit = resolve
      fail = reject
    })
  })
  done.catch(() => {})
  return {
    done,
    begun: () => vi.waitUntil(() => begun),
    commit: (value: string) => commit(value),
    fail: (error: Error) => fail(error),
  }
}

describeCache('mutate', (open) => {
  it('resolves to what the write returned, and nobody reads what was before it', async () => {
    const { database, writer, other, key } = await openTwo(open)
    await other.item.get('a')
    await other.settled()
    const result = await writer.mutate([key], async () => {
      database.value = 2
      return 'written'
    })
    expect(result).toBe('written')
    expect(await writer.item.get('a')).toBe(2)
    await writer.settled()
    expect(await other.item.get('a', { consistency: 'strict' })).toBe(2)
  })

  it('keeps what others load while the write runs out of every tier', async () => {
    const { database, writer, other, key } = await openTwo(open)
    const write = heldWrite(writer, [key])
    await write.begun()
    const during = [await other.item.lookup('a'), await writer.item.lookup('a')]
    expect(during).toMatchObject([
      { from: 'source', why: 'quarantined', value: 1 },
      { from: 'source', why: 'quarantined', value: 1 },
    ])
    expect([other.item.peek('a'), writer.item.peek('a')]).toEqual([undefined, undefined])
    database.value = 2
    write.commit('written')
    await write.done
    await writer.settled()
    expect(await other.item.lookup('a')).toMatchObject({ from: 'source', why: 'absent', value: 2 })
    await vi.waitUntil(async () => (await other.item.lookup('a')).from === 'memory')
    expect(other.item.peek('a')).toBe(2)
  })

  it('lets its own reads of the keys go to the source, and keeps nothing of them', async () => {
    const { database, writer, key } = await openTwo(open)
    await writer.item.get('a')
    await writer.settled()
    const seen = await writer.mutate([key], async () => {
      database.value = 2
      const peeked = writer.item.peek('a')
      const [one, many] = [await writer.item.lookup('a'), await writer.item.getMany(['a', 'b'])]
      return { peeked, one, many }
    })
    expect(seen).toMatchObject({
      peeked: undefined,
      one: { from: 'source', why: 'quarantined', value: 2 },
      many: [2, 2],
    })
    await writer.settled()
    expect([writer.item.peek('a'), writer.item.peek('b')]).toEqual([undefined, 2])
  })

  it('rejects with the error of its write alone, and invalidates all the same', async () => {
    const { database, writer, other, key, recorder } = await openTwo(open)
    const error = new Error('the connection was lost while it committed')
    const failing = writer.mutate([key], async () => {
      database.value = 2
      throw error
    })
    await expect(failing).rejects.toBe(error)
    await writer.settled()
    expect(callsIn(recorder)).toMatchObject([{ keys: ['item:a'], pending: [] }])
    expect(recorder.of('mutate')).toMatchObject([{ outcome: 'failed', quarantined: true }])
    expect(await other.item.lookup('a')).toMatchObject({ why: 'absent', value: 2 })
  })

  it('of overlapping writers keeps the quarantine until the last has ended', async () => {
    const { database, writer, other, key } = await openTwo(open)
    const [first, second] = [heldWrite(writer, [key]), heldWrite(other, [key])]
    await Promise.all([first.begun(), second.begun()])
    database.value = 2
    first.commit('first')
    await first.done
    await writer.settled()
    expect(await other.item.lookup('a')).toMatchObject({ why: 'quarantined' })
    database.value = 3
    second.commit('second')
    await second.done
    await other.settled()
    expect(await writer.item.lookup('a')).toMatchObject({ why: 'absent', value: 3 })
  })

  it('of one process does not hinder a second one of the same key', async () => {
    const { writer, key } = await openTwo(open)
    const [first, second] = [heldWrite(writer, [key]), heldWrite(writer, [key])]
    await Promise.all([first.begun(), second.begun()])
    first.commit('first')
    await first.done
    await writer.settled()
    expect(await writer.item.lookup('a')).toMatchObject({ why: 'quarantined' })
    second.commit('second')
    expect(await second.done).toBe('second')
  })

  it('stays in quarantine when the key is invalidated meanwhile', async () => {
    const { writer, other, key } = await openTwo(open)
    const write = heldWrite(writer, [key])
    await write.begun()
    await other.item.invalidate('a')
    expect(await other.item.lookup('a')).toMatchObject({ why: 'quarantined' })
    write.commit('written')
    await write.done
  })

  it('of a key that its own chain is writing is refused before it begins', async () => {
    const { writer, key } = await openTwo(open)
    const inner = vi.fn()
    const nested = writer.mutate([key], () => writer.mutate([key], inner))
    await expect(nested).rejects.toMatchObject({ code: 'SP_MUTATE_NESTED', key: 'item:a' })
    expect(inner).not.toHaveBeenCalled()
    const another = writer.mutate([key], () => writer.mutate([writer.item.key('b')], () => 'both'))
    expect(await another).toBe('both')
  })

  it('may be called for its keys by what a write left running', async () => {
    const { writer, key } = await openTwo(open)
    const another = heldWrite(writer, [writer.item.key('b')])
    await another.begun()
    let goOn = (): void => {}
    let later: Promise<string> | undefined
    await writer.mutate([key], () => {
      const told = new Promise<void>((resolve) => {
        goOn = resolve
      })
      later = told.then(() => writer.mutate([key], () => 'later'))
    })
    goOn()
    expect(await later).toBe('later')
    another.commit('written')
  })

  it('gives a receipt by which others see it', async () => {
    const { database, writer, other, key } = await openTwo(open)
    await other.item.get('a')
    await other.settled()
    const { value, receipt } = await writer.mutate(
      [key],
      () => {
        database.value = 2
        return 'written'
      },
      { receipt: true, reason: 'changed' },
    )
    expect(value).toBe('written')
    expect(receipt).toMatchObject({ keys: ['item:a'], pending: [] })
    expect(await other.item.get('a', { after: receipt })).toBe(2)
  })

  it('invalidates keys that only the result tells', async () => {
    const { database, writer, other, recorder } = await openTwo(open)
    for (const cache of [other, writer]) {
      await cache.item.get('a')
      await cache.settled()
    }
    await writer.mutate(
      (name) => [writer.item.key(name)],
      async () => {
        database.value = 2
        return 'a'
      },
    )
    // Nobody was kept from it before: it has waited for its release.
    expect(writer.item.peek('a')).toBeUndefined()
    expect(await other.item.get('a', { consistency: 'strict' })).toBe(2)
    expect(callsIn(recorder)).toMatchObject([{ keys: ['item:a'] }])
  })

  it('tells observers, not its caller, of a function that fails to tell the keys', async () => {
    const { writer, recorder } = await openTwo(open)
    const keys = (): never => {
      throw new Error('no keys')
    }
    expect(await writer.mutate(keys, () => 'written')).toBe('written')
    expect(recorder.faults).toEqual(['SP_MUTATE_KEYS'])
  })

  it('is told to observers with its reason, and how it ended', async () => {
    const { writer, key, recorder } = await openTwo(open)
    const options = { reason: 'position created', subject: 'user 7' }
    await writer.mutate([key], () => {}, options)
    await writer.settled()
    expect(recorder.of('mutate')).toEqual([
      {
        kind: 'mutate',
        keys: ['item:a'],
        outcome: 'committed',
        quarantined: true,
        ms: expect.any(Number),
        ...options,
      },
    ])
    expect(callsIn(recorder)).toMatchObject([options])
  })

  it('is counted while it runs, and leaves nothing behind', async () => {
    const { writer, key } = await openTwo(open)
    const write = heldWrite(writer, [key])
    await write.begun()
    expect(writer.stats().mutations).toEqual({ running: 1, quarantinedKeys: 1, unprotected: 0 })
    write.commit('written')
    await write.done
    await vi.waitUntil(() => writer.stats().mutations.running === 0)
    expect(writer.stats().mutations).toEqual({ running: 0, quarantinedKeys: 0, unprotected: 0 })
  })

  it('refuses what are no keys, too many of them, and options that do not exist', async () => {
    const { writer, key } = await openTwo(open)
    const write = vi.fn()
    const many = Array.from({ length: 1_001 }, (_, index) => writer.item.key(`n${index}`))
    const wrong = { key: 'item:a' } as unknown as typeof key
    await expect(writer.mutate([wrong], write)).rejects.toMatchObject({ code: 'SP_ID_TYPE' })
    await expect(writer.mutate(many, write)).rejects.toMatchObject({ code: 'SP_MUTATE_TOO_LARGE' })
    for (const option of [{ whenRedisIsDown: 'wait' }, { receipt: 1 }, { barrier: 'yes' }]) {
      const refused = writer.mutate([key], write, option as never)
      await expect(refused).rejects.toMatchObject({ code: 'SP_OPTION_INVALID' })
    }
    const unknown = writer.mutate([key], write, { reciept: true } as never)
    await expect(unknown).rejects.toMatchObject({ code: 'SP_OPTION_UNKNOWN' })
    expect(write).not.toHaveBeenCalled()
  })

  it('that runs when the cache closes has a grace to end and be released', async () => {
    const { database, writer, other, key } = await openTwo(open)
    const write = heldWrite(writer, [key])
    await write.begun()
    const closing = writer.close()
    database.value = 2
    write.commit('written')
    expect(await write.done).toBe('written')
    await closing
    expect(await other.item.lookup('a')).toMatchObject({ why: 'absent', value: 2 })
    await expect(writer.mutate([key], () => {})).rejects.toMatchObject({ code: 'SP_CLOSED' })
  })

  it('does not keep a cache from closing when its write never ends', async () => {
    const { writer, key } = await openTwo(open)
    const write = heldWrite(writer, [key])
    await write.begun()
    await writer.close()
    expect(writer.stats().mutations).toMatchObject({ running: 1, quarantinedKeys: 0 })
    write.commit('late')
    expect(await write.done).toBe('late')
  })
})
