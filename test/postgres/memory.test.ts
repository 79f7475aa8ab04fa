/** A change made by hand reaches every memory: two caches on one Redis, and plain SQL. */
import { type Cache, openCache } from 'staleproof'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'
import { useBench } from './bench.ts'
import { catalog } from './catalog.ts'

describeWithRedis('caches of two services beside one relay', () => {
  const bench = useBench()
  const caches: Cache<typeof catalog.families>[] = []
  let redis: TestRedis | undefined

  beforeEach(async () => {
    redis = await startRedis()
  })
  afterEach(async () => {
    await Promise.all(caches.splice(0).map((cache) => cache.close()))
    await redis?.stop()
  })

  async function open(service: string): Promise<Cache<typeof catalog.families>> {
    const cache = await openCache(catalog, {
      service,
      redis: redis?.url,
      log: false,
      sources: { positions: sizeOf },
    })
    caches.push(cache)
    return cache
  }

  async function sizeOf(userId: number): Promise<number> {
    const { rows } = await bench.sql.query(
      'select coalesce(sum(size), 0)::int as size from positions where user_id = $1',
      [userId],
    )
    return Number(rows[0]?.size)
  }

  it('both see what somebody at a terminal has changed', async () => {
    const [api, workers] = [await open('api'), await open('workers')]
    await bench.lead(api)
    const held = async (): Promise<boolean> => {
      await Promise.all([api.positions.get(7), workers.positions.get(7)])
      return api.positions.peek(7) === 0 && workers.positions.peek(7) === 0
    }
    await eventually('both to hold it in memory', held)
    await bench.sql.query('insert into positions (user_id, size) values (7, 5)')
    await eventually('both memories to drop it', () => {
      return api.positions.peek(7) === undefined && workers.positions.peek(7) === undefined
    })
    expect(await Promise.all([api.positions.get(7), workers.positions.get(7)])).toEqual([5, 5])
  })

  it('hear it although Redis was gone when it was changed', async () => {
    const api = await open('api')
    const relay = await bench.lead(api)
    await redis?.kill()
    await bench.sql.query('insert into positions (user_id, size) values (7, 5)')
    await eventually('a refusal', () => relay.status().lastError !== undefined)
    expect(await bench.waiting()).toBe(1)
    await redis?.restart()
    await eventually('an empty outbox', async () => (await bench.waiting()) === 0, 20_000)
    expect(await api.positions.get(7)).toBe(5)
  })
})
