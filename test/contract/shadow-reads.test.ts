import type { CacheEvent, CacheOptions } from 'staleproof'
import { type Cache, defineCatalog, family, shape } from 'staleproof'
import { describe, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeCache, describeRedis, type Open } from './caches.ts'

interface Quote {
  readonly seq: number
}

const catalog = defineCatalog('shadowed', {
  item: family('item:{id}', { value: shape<string>(), ttl: '1h' }),
  quote: family('quote:{id}', { value: shape<Quote>(), ttl: '1h', order: ({ seq }) => seq }),
})
type Items = Cache<(typeof catalog)['families']>

/** Fields of a value in its slot. */
const field = { fid: 5, order: 6, born: 8 } as const
const minuteMs = 60_000

describeRedis('a shadow read', (bench) => {
  it('finds an older value with a valid header that was forged into a slot', async () => {
    const { cache, stale } = await shadowing(bench.open)
    await served(cache, 'a')
    await rewrite(bench, 'item:a', (fields) => {
      fields[field.fid] = 'AAAAAAAAAAAAAAAA'
      fields[field.born] = String(Number(fields[field.born]) - minuteMs)
    })
    await until(cache, 'a', () => stale.length > 0)
    const told = { kind: 'staleRead', family: 'item', key: 'item:a', tier: 'redis' }
    expect(stale[0]).toEqual({ ...told, why: 'birth' })
    expect(cache.stats().coherence.staleReads).toMatchObject({ quote: 0 })
    expect(cache.stats().coherence.staleReads.item).toBeGreaterThan(0)
  })

  it('finds a lower order than the process has seen', async () => {
    const { cache, stale } = await shadowing(bench.open)
    await cache.quote.get('b')
    await cache.settled()
    await rewrite(bench, 'quote:b', (fields) => {
      fields[field.fid] = 'AAAAAAAAAAAAAAAA'
      fields[field.order] = '4'.padStart(19, '0')
    })
    await eventually('it is found', async () => {
      await cache.quote.get('b')
      return stale.length > 0
    })
    expect(stale[0]).toMatchObject({ family: 'quote', tier: 'redis', why: 'order' })
  })

  it('finds what was put back after its invalidation, even if it has read neither', async () => {
    const { cache: writer } = await shadowing(bench.open)
    await served(writer, 'c')
    const old = (await bench.client.get(slotOf(bench, 'item:c'))) ?? ''
    const { cache: reader, stale } = await shadowing(bench.open, { service: 'reader' })
    await writer.item.invalidate('c', { reason: 'written' })
    const fields = old.split('|')
    fields[field.born] = String(Number(fields[field.born]) - minuteMs)
    await bench.client.set(slotOf(bench, 'item:c'), fields.join('|'), 'PX', minuteMs)
    await until(reader, 'c', () => stale.length > 0)
    expect(stale[0]).toMatchObject({ key: 'item:c', tier: 'redis', why: 'invalidated' })
  })

  it('finds memory that serves what the clock of a group has ended, untold', async () => {
    const { cache, stale } = await shadowing(bench.open)
    await served(cache, 'd')
    // Newer than any clock of today.
    await bench.client.hset(`{${bench.namespace}:0}:m`, '_item', '9'.repeat(16))
    await until(cache, 'd', () => stale.length > 0)
    expect(stale[0]).toMatchObject({ key: 'item:d', tier: 'memory', why: 'group' })
    expect(cache.item.peek('d')).toBeUndefined()
  })

  it('finds memory that serves what is in quarantine without having heard of it', async () => {
    const { cache, stale } = await shadowing(bench.open)
    await served(cache, 'e')
    const [, , stamp] = (await bench.client.get(slotOf(bench, 'item:e')))?.split('|') ?? []
    const quarantine = `Q|1|${stamp}|0||AAAAAAAAAAAAAAAA:9999999999999`
    await bench.client.set(slotOf(bench, 'item:e'), quarantine, 'PX', minuteMs)
    await until(cache, 'e', () => stale.length > 0)
    expect(stale[0]).toMatchObject({ key: 'item:e', tier: 'memory', why: 'quarantined' })
  })

  it('takes no eviction, no refresh and no reload for a stale read', async () => {
    const { cache, stale } = await shadowing(bench.open)
    const other = (await shadowing(bench.open, { service: 'other' })).cache
    await served(cache, 'f')
    await other.item.refresh('f')
    const refreshed = cache.stats().coherence.shadowReads
    await until(cache, 'f', () => cache.stats().coherence.shadowReads > refreshed + 20)
    await bench.client.del(slotOf(bench, 'item:f'))
    await served(other, 'f')
    await passed(cache, 'f', 2 * trustMs)
    expect(stale).toEqual([])
  })
})

describeCache('shadow reads', (open) => {
  it('compare hits of memory and of Redis alike, and find nothing amiss', async () => {
    const { cache, stale } = await shadowing(open)
    await served(cache, 'a')
    await until(cache, 'a', () => cache.stats().coherence.shadowReads > 0)
    const { cache: other } = await shadowing(open, { service: 'other' })
    const before = other.stats().coherence.shadowReads
    expect((await other.item.lookup('a')).from).toBe('redis')
    await eventually('it is compared', () => other.stats().coherence.shadowReads > before)
    for (let round = 0; round < 5; round++) {
      await cache.item.invalidate('a', { reason: 'test' })
      await served(other, 'a')
    }
    await passed(cache, 'a', trustMs)
    expect(stale).toEqual([])
  })
})

describeCache('shadow reads of a busy cache', (open) => {
  it('are two at a time, and none of them waits for its turn', async () => {
    const { cache } = await shadowing(open)
    await served(cache, 'a')
    await eventually('those of the first reads have ended', () => {
      return cache.stats().coherence.shadowReads > 0
    })
    await cache.settled()
    const before = cache.stats().coherence.shadowReads
    for (let read = 0; read < 1_000; read++) void cache.item.get('a')
    const compared = () => cache.stats().coherence.shadowReads - before
    await eventually('the comparisons have ended', () => compared() >= 2)
    await cache.settled()
    expect(compared()).toBe(2)
  })
})

describe('shadow reads by default', () => {
  describeCache('of a cache', (open) => {
    it('are not made', async () => {
      const { cache } = await shadowing(open, { shadowReads: undefined })
      await served(cache, 'a')
      for (let read = 0; read < 1_000; read++) await cache.item.get('a')
      await cache.settled()
      expect(cache.stats().coherence.shadowReads).toBe(0)
    })
  })
})

const trustMs = 300

/** Every hit is compared. */
async function shadowing(
  open: Open,
  options: Partial<CacheOptions<(typeof catalog)['families']>> = {},
) {
  const stale: CacheEvent[] = []
  const notify = (event: CacheEvent) => {
    if (event.kind === 'staleRead') stale.push(event)
  }
  const sources = { item: async (id: string) => `value of ${id}`, quote: async () => ({ seq: 5 }) }
  const cache: Items = await open(catalog, {
    ...{ sources, shadowReads: 1, trust: trustMs, observers: [{ notify }] },
    ...options,
  })
  return { cache, stale }
}

/** Read, and held by memory. */
async function served(cache: Items, id: string): Promise<void> {
  await cache.item.get(id)
  await cache.settled()
  await eventually('memory serves it', async () => {
    await cache.item.get(id)
    return cache.item.peek(id) !== undefined
  })
}

/** Reads it again and again until something is so. */
async function until(cache: Items, id: string, isSo: () => boolean): Promise<void> {
  await eventually('the shadow reads say so', async () => {
    await cache.item.get(id)
    return isSo()
  })
}

async function passed(cache: Items, id: string, ms: number): Promise<void> {
  const untilMs = performance.now() + ms
  await until(cache, id, () => performance.now() > untilMs)
}

type Bench = Parameters<Parameters<typeof describeRedis>[1]>[0]

function slotOf({ namespace }: Bench, key: string): string {
  return `{${namespace}:0}:k:${key}`
}

async function rewrite(
  bench: Bench,
  key: string,
  change: (fields: string[]) => void,
): Promise<void> {
  const slot = slotOf(bench, key)
  const fields = ((await bench.client.get(slot)) ?? '').split('|')
  change(fields)
  await bench.client.set(slot, fields.join('|'), 'PX', minuteMs)
}
