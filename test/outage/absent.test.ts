/** Services that start while Redis is away. */
import { openCache } from 'staleproof'
import { describe, expect, it } from 'vitest'
import { freePort } from '../../services/launcher/ports.ts'
import { HeldSource, slowly } from '../contract/sources.ts'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis, startRedis } from '../servers/redis.ts'
import {
  catalog,
  Database,
  type ItemCache,
  noiseMs,
  timed,
  useRejectionWatch,
  useWorld,
} from './world.ts'

const connectTimeoutMs = 2_000
const hastyMs = 200

describe('a Redis that is not there', () => {
  useRejectionWatch()

  it('lets the cache open degraded within the connect timeout', async () => {
    const { cache, database, tookMs } = await openAway(await freePort())
    expect(tookMs).toBeLessThan(connectTimeoutMs + 2 * noiseMs)
    expect(cache.health()).toMatchObject({ state: 'down-to-source' })
    expect(cache.health().reasons.join()).toContain('not connected')
    const readsMs = await timed(async () => {
      for (let call = 0; call < 100; call++) expect(await cache.item.get(`${call}`)).toBe(1)
    })
    expect(readsMs).toBeLessThan(noiseMs)
    expect(await cache.item.lookup('a')).toMatchObject({ from: 'source', why: 'redisDown' })
    expect(database.loads).toBe(101)
    await cache.close()
  })

  it('bounds the loads of one key, however many ask at once', async () => {
    const { cache, database } = await openAway(await freePort(), 50, hastyMs)
    const values = await Promise.all(Array.from({ length: 1_000 }, () => cache.item.get('a')))
    expect(new Set(values)).toEqual(new Set([1]))
    expect(database.loads).toBeLessThanOrEqual(3)
    await cache.close()
  })

  it('lets a few loads of one key run side by side, then waits for the first', async () => {
    const source = new HeldSource<string, number>()
    const redis = `redis://127.0.0.1:${await freePort()}`
    const sources = { item: source.load }
    const local = { connectTimeout: hastyMs, log: false } as const
    const cache = await openCache(catalog, { service: 'test', redis, sources, ...local })
    const reads: Promise<unknown>[] = []
    for (let call = 1; call <= 4; call++) {
      reads.push(cache.item.get('a'))
      await eventually('it is asked', () => source.calls.length === call)
    }
    for (let late = 0; late < 3; late++) {
      reads.push(cache.item.get('a'))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(source.calls).toHaveLength(4)
    source.call(0).answer(1)
    await eventually('it is asked once for all that wait', () => source.calls.length === 5)
    for (let call = 1; call <= 4; call++) source.call(call).answer(1)
    expect(await Promise.all(reads)).toEqual(reads.map(() => 1))
    await cache.close()
  })

  it('never answers with a load that began before the call', async () => {
    const { cache, database } = await openAway(await freePort(), 30, hastyMs)
    const reads: Promise<void>[] = []
    for (let value = 2; value < 40; value++) {
      database.value = value
      const read = cache.item.get('a')
      reads.push(read.then((got) => expect(got).toBeGreaterThanOrEqual(value)))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(reads)
    await cache.close()
  })

  it('makes openCache reject where Redis is required', async () => {
    const redis = `redis://127.0.0.1:${await freePort()}`
    const tookMs = await timed(async () => {
      const opening = openCache(catalog, { service: 'test', redis, requireRedis: true, log: false })
      await expect(opening).rejects.toMatchObject({ code: 'SP_REDIS_DOWN' })
    })
    expect(tookMs).toBeLessThan(connectTimeoutMs + 2 * noiseMs)
  })

  it('obeys a shorter connect timeout', async () => {
    const { tookMs, cache } = await openAway(await freePort(), 0, hastyMs)
    expect(tookMs).toBeLessThan(hastyMs + noiseMs)
    await cache.close()
  })
})

describeWithRedis('a Redis that comes late', () => {
  const theWorld = useWorld()

  it('is used as soon as it is there, without a call', async () => {
    const port = await freePort()
    const { cache } = await openAway(port, 0, hastyMs)
    await expect(cache.item.invalidate('a')).rejects.toMatchObject({
      code: 'SP_INVALIDATION_PENDING',
    })
    const server = await startRedis({ port })
    await eventually('the cache is healthy', () => cache.health().state === 'ok')
    expect(cache.pending()).toEqual([])
    await cache.item.get('a')
    await cache.settled()
    expect(await cache.item.lookup('a')).toMatchObject({ from: 'memory' })
    await cache.close()
    await server.stop()
  })

  it('may accept connections and say nothing: the cache opens all the same', async () => {
    const { proxy, open, database } = theWorld()
    proxy.mode('all', 'blackhole')
    let cache: ItemCache | undefined
    const tookMs = await timed(async () => {
      cache = await open()
    })
    expect(tookMs).toBeLessThan(connectTimeoutMs + 2 * noiseMs)
    expect(await cache?.item.get('a')).toBe(database.value)
    proxy.mode('all', 'pass')
    await eventually('the cache is healthy', () => cache?.health().state === 'ok')
  })

  it('is slow: the first reads wait no longer than their budget', async () => {
    const { proxy, open } = theWorld()
    proxy.mode('all', { delayMs: 150 })
    const cache = await open()
    expect(cache.health().state).not.toBe('down-to-source')
    const tookMs = await timed(() => cache.item.get('a'))
    expect(tookMs).toBeLessThan(500 + noiseMs)
  })
})

async function openAway(port: number, loadMs = 0, connectTimeout = connectTimeoutMs) {
  const database = new Database()
  let cache: ItemCache | undefined
  const tookMs = await timed(async () => {
    cache = await openCache(catalog, {
      service: 'test',
      redis: `redis://127.0.0.1:${port}`,
      log: false,
      connectTimeout,
      sources: {
        item: async () => {
          const value = await database.load()
          return loadMs === 0 ? value : slowly(loadMs, value)
        },
      },
    })
  })
  if (cache === undefined) throw new Error('expected a cache')
  return { cache, database, tookMs }
}
