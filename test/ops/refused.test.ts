/** A Redis that refuses some of what it is asked: the rest works, and what is lost is said. */
import { Redis } from 'ioredis'
import { openOps } from 'staleproof/ops'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'
import { askJson, openWorld, tokens, type World } from './world.ts'

describeWithRedis('with a user that may neither scan nor write records', () => {
  let redis: TestRedis
  let world: World
  let ops: ReturnType<typeof openOps>
  let json: ReturnType<typeof askJson>
  const said: string[] = []
  beforeAll(async () => {
    redis = await startRedis()
    const client = new Redis(redis.url)
    const rights = ['on', '>secret', '~*', '&*', '+@all', '-scan', '-xadd', '-set']
    await client.call('ACL', 'SETUSER', 'looker', ...rights)
    client.disconnect()
    world = await openWorld({ redisUrl: redis.url })
    const say = (_fields: object, message: string) => void said.push(message)
    const log = { debug: say, info: say, warn: say, error: say }
    const asLooker = redis.url.replace('redis://', 'redis://looker:secret@')
    ops = openOps(world.cache, { reporter: world.reporter, redis: asLooker, auth: tokens, log })
    json = askJson(ops)
  })
  afterAll(async () => {
    await ops.close()
    await world.close()
    await redis.stop()
  })

  test('a change is made, and the log says that the audit log does not have it', async () => {
    expect((await json('/invalidate', { body: { keys: ['market:1'] } })).status).toBe(200)
    expect(said).toContain('an entry of the audit log is in this log alone')
  })

  test('the server is shown, without what it has refused', async () => {
    const { body } = await json('/redis')
    expect(body.server.version).toBeDefined()
    expect(body.withheld).toContain('scan')
  })

  test('a report that can not be kept is told by the process that made it', async () => {
    expect((await json('/doctor/run', { body: {} })).status).toBe(202)
    const found = async () => (await json('/doctor')).body
    await eventually('it is made', async () => !(await found()).isRunning, 50_000)
    expect((await found()).report.findings.length).toBeGreaterThan(20)
    expect(said).toContain('a report of doctor is known to this process alone')
  })
})

test('a run of doctor that fails says so', async () => {
  const world = await openWorld()
  const redis = 'redis://127.0.0.1:1'
  const ops = openOps(world.cache, { reporter: world.reporter, redis, auth: tokens })
  const json = askJson(ops)
  await json('/doctor/run', { body: {} })
  await eventually('it has failed', async () => {
    const { isRunning, failure } = (await json('/doctor')).body
    return !isRunning && failure.includes('SP_REDIS_DOWN')
  })
  await ops.close()
  await world.close()
})
