import { StaleproofError } from 'staleproof'
import { describe, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis } from '../servers/redis.ts'
import { faults } from './faults.ts'
import { budgetMs, type ItemCache, noiseMs, timed, useWorld, type World } from './world.ts'

const calls = 50

describeWithRedis('an outage', () => {
  const theWorld = useWorld()

  describe.each(faults)('of a Redis $name', ({ begin, end }) => {
    it('fails no read, delays few, keeps invalidations, and heals by itself', async () => {
      const world = theWorld()
      const [cache, other] = [await world.open(), await world.open()]
      await cache.item.get('a')
      await cache.settled()
      await other.item.get('a')

      await begin(world)
      await readsOn(cache, world)
      const token = await writeIsKept(cache, world)
      expect(await cache.item.get('a')).toBe(world.database.value)
      expect(await cache.item.get('a', { after: token })).toBe(world.database.value)
      expect(await other.item.get('a', { after: token })).toBe(world.database.value)
      expect(cache.health().state).not.toBe('ok')

      await end(world)
      await heals(cache, other)
      expect(await cache.item.get('a', { consistency: 'strict' })).toBe(world.database.value)
      expect(await other.item.get('a')).toBe(world.database.value)
    })
  })
})

/** Every call within the budget; once it is known that Redis is away, without a wait. */
async function readsOn(cache: ItemCache, { database }: World): Promise<void> {
  database.value++
  let slowestMs = 0
  const totalMs = await timed(async () => {
    for (let call = 0; call < calls; call++) {
      const tookMs = await timed(async () => {
        expect(await cache.item.get(`new ${call}`)).toBe(database.value)
      })
      slowestMs = Math.max(slowestMs, tookMs)
    }
  })
  expect(slowestMs).toBeLessThan(budgetMs + noiseMs)
  expect(totalMs).toBeLessThan((calls * budgetMs) / 5)
  const lateMs = await timed(async () => {
    for (let call = 0; call < 10; call++) await cache.item.get(`late ${call}`)
  })
  expect(lateMs).toBeLessThan(noiseMs)
}

/** The token of an invalidation that Redis could not be told. */
async function writeIsKept(cache: ItemCache, { database }: World): Promise<string> {
  database.value++
  let error: unknown
  const tookMs = await timed(async () => {
    error = await cache.item.invalidate('a', { reason: 'written' }).catch((caught) => caught)
  })
  expect(tookMs).toBeLessThan(budgetMs + noiseMs)
  expect(error).toBeInstanceOf(StaleproofError)
  expect(error).toMatchObject({
    code: 'SP_INVALIDATION_PENDING',
    receipt: { keys: ['item:a'], pending: ['item:a'] },
  })
  expect(cache.pending()).toEqual([
    { key: 'item:a', reason: 'written', sinceMs: expect.any(Number) },
  ])
  return error instanceof StaleproofError ? (error.receipt?.token ?? '') : ''
}

/** Without a call made to either. */
async function heals(cache: ItemCache, other: ItemCache): Promise<void> {
  await eventually('the invalidation is delivered', () => cache.pending().length === 0)
  const isHealthy = (one: ItemCache) => one.health().state === 'ok'
  await eventually('both are healthy', () => isHealthy(cache) && isHealthy(other))
  await eventually('memory hits again', async () => {
    const found = [await cache.item.lookup('a'), await other.item.lookup('a')]
    return found.every(({ from }) => from === 'memory')
  })
}
