import { defineCatalog } from 'staleproof'
import { expect, it } from 'vitest'
import { describeCache, describeRedis } from './caches.ts'

const catalog = defineCatalog('limits', {})
/** Nothing comes back while a test runs. */
const hundredADay = { rate: 100, per: '1d' } as const

describeCache('a rate limit', (open) => {
  it('is one for all processes', async () => {
    const [one, two] = [await open(catalog), await open(catalog)]
    await one.limiter('api', hundredADay).take(60)
    await two.limiter('api', hundredADay).take(40)
    const refused = { code: 'SP_RATE_LIMITED', retryAfterMs: expect.any(Number) }
    await expect(one.limiter('api', hundredADay).take()).rejects.toMatchObject(refused)
    expect(two.stats().limiters).toMatchObject({ api: { granted: 1, refused: 0 } })
    expect(one.stats().limiters).toMatchObject({ api: { granted: 1, refused: 1 } })
  })

  it('has a quota for each client', async () => {
    const [one, two] = [await open(catalog), await open(catalog)]
    await one.limiter('api', hundredADay).of('10.0.0.1').take(100)
    const result = await two.limiter('api', hundredADay).of('10.0.0.1').tryTake()
    expect(result).toMatchObject({ granted: false, remaining: 0 })
    expect(result.retryAfterMs).toBeGreaterThan(800_000)
    const other = await two.limiter('api', hundredADay).of('10.0.0.2').tryTake()
    expect(other).toEqual({ granted: true, retryAfterMs: 0, remaining: 99 })
  })

  it('refuses everything once the cache is closed', async () => {
    const cache = await open(catalog)
    const limiter = cache.limiter('api', hundredADay)
    await cache.close()
    await expect(limiter.take()).rejects.toMatchObject({ code: 'SP_CLOSED' })
    expect(() => cache.limiter('api', hundredADay)).toThrow('SP_CLOSED')
  })
})

describeRedis('a rate limit in Redis', (bench) => {
  it('is a key that is gone when the bucket is full again', async () => {
    const cache = await bench.open(catalog)
    await cache.limiter('a:b', { rate: 100, per: '1h' }).of('x y').take(50)
    const name = `{${bench.namespace}:0}:q:a%3Ab:x%20y`
    const ttlMs = await bench.client.pttl(name)
    expect(ttlMs).toBeGreaterThan(1_790_000)
    expect(ttlMs).toBeLessThanOrEqual(1_800_000)
  })

  it('goes on in each process for itself while Redis is away', async () => {
    const cache = await bench.open(catalog, { budget: 100 })
    const limiter = cache.limiter('api', hundredADay)
    await limiter.take(100)
    bench.server.freeze()
    try {
      await limiter.take(100)
      await expect(limiter.take()).rejects.toMatchObject({ code: 'SP_RATE_LIMITED' })
      expect(limiter.stats.withoutRedis).toBe(2)
    } finally {
      bench.server.resume()
    }
  })
})
