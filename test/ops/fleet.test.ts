/** One process shows all: what others of its namespace tell, its neighbours, and doctor. */
import { Redis } from 'ioredis'
import { apiBase } from 'staleproof/ops'
import { VirtualClock } from 'staleproof/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'
import { openWorld, tokenOf, type World } from './world.ts'

/** Counts the timers that neither ran nor were cancelled. */
class CountedClock extends VirtualClock {
  readonly #timers = new Set<object>()

  get waiting(): number {
    return this.#timers.size
  }

  override timer(delayMs: number, task: () => void) {
    const mark = {}
    this.#timers.add(mark)
    const timer = super.timer(delayMs, () => {
      this.#timers.delete(mark)
      task()
    })
    const cancel = () => {
      this.#timers.delete(mark)
      timer.cancel()
    }
    return { cancel }
  }
}

describeWithRedis('with a Redis', () => {
  let redis: TestRedis
  let world: World
  let other: World
  let neighbour: World
  beforeAll(async () => {
    redis = await startRedis()
    const redisUrl = redis.url
    world = await openWorld({ redisUrl, namespace: 'shop', neighbours: ['bakery', 'nobody'] })
    other = await openWorld({ redisUrl, namespace: 'shop' })
    neighbour = await openWorld({ redisUrl, namespace: 'bakery' })
  })
  afterAll(async () => {
    await neighbour.close()
    await other.close()
    await world.close()
    await redis.stop()
  })

  test('services of neighbours are shown, and counted nowhere', async () => {
    const { processes, differences } = (await world.json('/services')).body
    const names = processes.map((row: { facts: { process: string } }) => row.facts.process)
    const all = [world, other, neighbour].map(({ reporter }) => reporter.process)
    expect(names.sort()).toEqual(all.sort())
    expect(differences).toEqual([])
    expect((await world.json('/overview')).body.processes).toBe(2)
  })

  test('the audit log is that of all processes', async () => {
    await other.json('/invalidate', { body: { keys: ['market:9'], reason: 'elsewhere' } })
    const { entries } = (await world.json('/audit')).body
    expect(entries[0]).toMatchObject({ target: 'market:9', result: 'done' })
  })

  test('memory of the server, by family', async () => {
    await world.cache.market.getMany(['1', '2'])
    await world.cache.settled()
    const { server } = (await other.json('/stats')).body
    expect(server).toMatchObject({
      usedBytes: expect.any(Number),
      evictedKeys: 0,
      keyspaceHits: expect.any(Number),
      keys: expect.any(Number),
      keysByFamily: { market: 2 },
      isSampled: false,
    })
  })

  test('doctor runs once at a time, and every process has its report', async () => {
    const asked = { token: tokenOf('operator'), body: {} }
    expect(await world.json('/doctor/run', asked)).toMatchObject({
      status: 202,
      body: { isRunning: true },
    })
    expect(await world.json('/doctor/run', asked)).toMatchObject({
      status: 409,
      body: { code: 'ALREADY_RUNNING' },
    })
    const report = async ({ json }: World) => (await json('/doctor')).body.report
    const has = (one: World) => async () => (await report(one)) !== undefined
    await eventually('the report is there', has(world), 50_000)
    await eventually('and elsewhere', has(other), 10_000)
    expect(await report(other)).toEqual(await report(world))
    expect((await report(world)).findings.length).toBeGreaterThan(20)
  })

  test('closing twice is closing once, and leaves neither timers nor connections', async () => {
    const client = new Redis(redis.url)
    const rows = async () => {
      const list = String(await client.client('LIST'))
      return list.split('\n').filter((row) => row.includes('name=staleproof-ops')).length
    }
    const before = await rows()
    // Long enough since it began that the pace of connections lets the first commands pass.
    const clock = new CountedClock({ offsetMs: 1_000 })
    const own = await openWorld({ redisUrl: redis.url, namespace: 'closed', clock })
    const left = new AbortController()
    const asked = { token: tokenOf('viewer'), signal: left.signal }
    const stream = await own.ask(`${apiBase}/stream`, asked)
    await own.json('/redis')
    await own.json('/keys')
    await own.json('/invalidate', { body: { keys: ['market:1'] } })
    expect([await rows(), clock.waiting > 0]).toEqual([before + 3, true])
    await own.ops.close()
    await own.ops.close()
    expect(clock.waiting).toBe(0)
    await eventually('the connections are closed', async () => (await rows()) === before)
    await stream.body?.cancel()
    await own.close()
    client.disconnect()
  })

  test('Redis away: what the process knows itself is still told', async () => {
    await redis.kill()
    expect((await world.json('/services')).body.processes).toHaveLength(1)
    expect((await world.json('/stats')).body.service).toBe('api')
    await eventually('the last look is over', async () => {
      return (await world.json('/redis')).body.server === undefined
    })
    expect(await world.json('/keys')).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } })
    const body = { keys: ['market:1'], reason: 'away' }
    expect(await world.json('/invalidate', { body })).toMatchObject({
      status: 200,
      body: { pending: 1 },
    })
    const health = await world.ask('/health/cache')
    expect(health.status).toBe(200)
    await redis.restart()
    await eventually('it is well again', () => world.cache.health().state === 'ok', 30_000)
  })
})
