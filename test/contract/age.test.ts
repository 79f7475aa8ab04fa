import { defineCatalog, family, shape } from 'staleproof'
import { expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeCache, describeRedis } from './caches.ts'
import { slowly } from './sources.ts'

const ttlMs = 3_000
/** What the clocks of Redis and of this process may differ by. */
const clocksMs = 50
/** What may be lost on the way to a tier. That looks come late costs nothing: they are dated. */
const marginMs = 300
const catalog = defineCatalog('age', {
  brief: family('brief:{name}', { value: shape<number>(), ttl: ttlMs, negativeTtl: ttlMs }),
  quote: family('quote:{name}', {
    value: shape<number>(),
    ttl: '1h',
    order: (value) => value,
    setOnly: true,
  }),
  hour: family('hour:{name}', { value: shape<number>(), ttl: '1h' }),
})

/** Looks until nothing is held; resolves to a time before the last look that found something. */
async function lastSeenMs(isHeld: () => boolean): Promise<number> {
  let seenMs = 0
  await eventually('nothing is held any more', () => {
    const lookMs = performance.now()
    if (!isHeld()) return true
    seenMs = lookMs
    return false
  })
  return seenMs
}

describeCache('age', (open) => {
  it('counts in all tiers together: memory takes over what is left of the slot', async () => {
    let loadMs = 0
    const brief = async () => {
      loadMs = performance.now()
      return 1
    }
    const writer = await open(catalog, { sources: { brief } })
    const reader = await open(catalog)
    await writer.brief.get('a')
    await eventually('the value is a second old', () => performance.now() - loadMs >= 1_000)
    expect(await reader.brief.lookup('a')).toMatchObject({ from: 'redis', value: 1 })
    const leastMs = performance.now() - loadMs
    const { ageMs } = await reader.brief.lookup('a')
    // The slot is as old as its lease, which was there before the load.
    expect(ageMs).toBeGreaterThanOrEqual(leastMs - clocksMs)
    expect(reader.brief.peek('a')).toBe(1)
    const seenMs = await lastSeenMs(() => reader.brief.peek('a') !== undefined)
    expect(seenMs - loadMs).toBeLessThan(ttlMs + marginMs)
    await expect(reader.brief.get('a')).rejects.toMatchObject({ code: 'SP_NO_SOURCE' })
  })

  it('counts from the start of a slow load', async () => {
    const tookMs = 700
    let loadMs = 0
    const brief = () => {
      loadMs = performance.now()
      return slowly(tookMs, 1)
    }
    const writer = await open(catalog, { sources: { brief } })
    const reader = await open(catalog)
    await writer.brief.get('a')
    await writer.settled()
    const { ageMs } = await writer.brief.lookup('a')
    expect(ageMs).toBeGreaterThanOrEqual(tookMs - clocksMs)
    await reader.brief.get('a')
    const seenMs = await lastSeenMs(() => {
      return reader.brief.peek('a') !== undefined || writer.brief.peek('a') !== undefined
    })
    expect(seenMs - loadMs).toBeLessThan(ttlMs + marginMs)
    await expect(reader.brief.get('a')).rejects.toMatchObject({ code: 'SP_NO_SOURCE' })
  })

  it('shortens lives by up to a tenth and lengthens none', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `${index}`)
    const load = { many: async (all: readonly string[]) => all.map(() => 1) }
    const cache = await open(catalog, { sources: { brief: load } })
    await cache.brief.getMany(ids)
    await cache.settled()
    const told = await Promise.all(ids.map((id) => cache.explain(cache.brief.key(id))))
    const lives = told.map(({ memory }) => (memory.isHeld ? memory.ageMs + memory.freshLeftMs : 0))
    expect(Math.min(...lives)).toBeGreaterThan(ttlMs * 0.9 - 1)
    expect(Math.max(...lives)).toBeLessThanOrEqual(ttlMs)
    expect(Math.max(...lives) - Math.min(...lives)).toBeGreaterThan(ttlMs * 0.02)
  })

  it('ends when the shortened life does, in memory too', async () => {
    let loadMs = 0
    const brief = async () => {
      loadMs = performance.now()
      return 1
    }
    const cache = await open(catalog, { sources: { brief } })
    const startMs = performance.now()
    await cache.brief.get('a')
    await cache.settled()
    const seenMs = await lastSeenMs(() => cache.brief.peek('a') !== undefined)
    expect(performance.now() - startMs).toBeGreaterThan(ttlMs * 0.9 - 1)
    expect(seenMs - loadMs).toBeLessThan(ttlMs + marginMs)
  })

  it('ends what was absent as well', async () => {
    const cache = await open(catalog, { sources: { brief: async () => undefined } })
    await cache.brief.get('a')
    await cache.settled()
    expect(await cache.brief.lookup('a')).toMatchObject({ from: 'memory' })
    await eventually('absence is asked again', async () => {
      return (await cache.brief.lookup('a')).from === 'source'
    })
  })
})

describeRedis('keys in Redis', (bench) => {
  it('all have a life, but for the record of groups and the registry', async () => {
    const load = { many: async (ids: readonly string[]) => ids.map(() => 1) }
    const cache = await bench.open(catalog, { sources: { hour: load, brief: () => 1 } })
    const names = Array.from({ length: 50 }, (_, index) => `${index}`)
    await cache.hour.getMany(names)
    await cache.brief.get('a')
    await cache.settled()
    await cache.hour.invalidate(['0', '1'])
    const keys = await bench.client.keys(`{${bench.namespace}:*`)
    const lives = new Map<string, number>()
    for (const key of keys) lives.set(key, await bench.client.pttl(key))
    const prefix = `{${bench.namespace}:0}`
    expect(keys.length).toBeGreaterThan(names.length)
    const endless = keys.filter((key) => lives.get(key) === -1).sort()
    expect(endless).toEqual([`${prefix}:b`, `${prefix}:m`])
    const hourMs = lives.get(`${prefix}:k:hour:7`) ?? 0
    expect(hourMs).toBeGreaterThan(3_600_000 * 0.9 - 10_000)
    expect(hourMs).toBeLessThanOrEqual(3_600_000)
    expect(lives.get(`${prefix}:k:brief:a`)).toBeLessThanOrEqual(ttlMs)
  })

  it('live shorter where a single write says so', async () => {
    const cache = await bench.open(catalog)
    const key = `{${bench.namespace}:0}:k:quote:a`
    await cache.quote.set('a', 1, { ttl: '5s' })
    expect(await bench.client.pttl(key)).toBeLessThanOrEqual(5_000)
    await cache.quote.set('a', 2)
    expect(await bench.client.pttl(key)).toBeGreaterThan(3_000_000)
    await cache.quote.invalidate('a')
    expect(await bench.client.pttl(key)).toBeGreaterThan(3_000_000)
  })

  it('a lease has a life of its own while its load runs', async () => {
    const cache = await bench.open(catalog, {
      leaseTtl: '3s',
      sources: {
        hour: async () => {
          const key = `{${bench.namespace}:0}:k:hour:slow`
          const [text, lifeMs] = [await bench.client.get(key), await bench.client.pttl(key)]
          expect(text).toMatch(/^L\|/)
          expect(lifeMs).toBeGreaterThan(0)
          expect(lifeMs).toBeLessThanOrEqual(3_000)
          return 1
        },
      },
    })
    expect(await cache.hour.get('slow')).toBe(1)
  })
})
