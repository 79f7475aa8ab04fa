/**
 * The named tests of the source documents (SPEC B8), with several services as processes of
 * their own, a real PostgreSQL and a real Redis.
 */
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startPostgres, type TestDatabase } from '../servers/postgres.ts'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'
import type { PositionsCalls, PositionsInit } from './positions-worker.ts'
import { brokenPromises, monotonicMs } from './reading.ts'

type Service = TestWorker<PositionsCalls>

const file = new URL('./positions-worker.ts', import.meta.url)
const names = ['api', 'bot', 'workers'] as const
const trustMs = 600
const commitMs = 500
const connectionsMax = 2

describeWithRedis('positions in three services', () => {
  let redis: TestRedis
  let database: TestDatabase
  let raw: Redis
  let services: readonly [Service, Service, Service]
  let userId = 1_000

  beforeAll(async () => {
    ;[redis, database] = await Promise.all([startRedis(), startPostgres()])
    raw = new Redis(redis.url)
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(
      'CREATE TABLE positions (id serial PRIMARY KEY, user_id int NOT NULL, market text NOT NULL)',
    )
    await client.end()
    const start = (service: string): Promise<Service> => {
      const { url: databaseUrl } = database
      const init: PositionsInit = { service, databaseUrl, redisPort: redis.port, trustMs }
      return spawnWorker<PositionsCalls>(file, init)
    }
    services = await Promise.all([start('api'), start('bot'), start('workers')])
  })
  afterAll(async () => {
    await Promise.allSettled((services ?? []).map((service) => service.stop()))
    raw?.disconnect()
    await database?.stop()
    await redis?.stop()
  })
  beforeEach(() => {
    userId += 1
  })

  const fillEveryMemory = async (user: number): Promise<void> => {
    for (const service of services) {
      await expect
        .poll(async () => (await service.call('list', user)).from, { timeout: 10_000 })
        .toBe('memory')
    }
  }

  it('are fresh after one was created', async () => {
    const [api, bot, workers] = services
    await fillEveryMemory(userId)
    const created = await api.call('create', userId)
    expect((await api.call('list', userId)).version).toBe(created.count)
    const { token } = created
    for (const service of [bot, workers]) {
      expect((await service.call('list', userId, { after: token })).version).toBe(created.count)
    }
  })

  it('of a slow writer are seen from its answer on with the receipt, else within Δ', async () => {
    const [api] = services
    await fillEveryMemory(userId)
    const readBefore = services.map((service) => service.call('list', userId))
    for (const reading of await Promise.all(readBefore)) expect(reading.version).toBe(0)
    const untilMs = monotonicMs() + commitMs + 2 * trustMs
    const plain = services.map((service) => service.call('listUntil', userId, untilMs))
    const { token, count, resolvedMs } = await api.call('create', userId, commitMs)
    const carrying = services.map((service) => service.call('list', userId, { after: token }))
    for (const reading of await Promise.all(carrying)) expect(reading.version).toBe(count)
    const readings = (await Promise.all(plain)).flat()
    expect(brokenPromises(readings, { version: count, resolvedMs, trustMs })).toEqual([])
    // Reads went on before, while and after it was committed.
    expect(readings.some((reading) => reading.returnedMs < resolvedMs - commitMs / 2)).toBe(true)
    expect(readings.some((reading) => reading.invokedMs > resolvedMs + trustMs)).toBe(true)
    expect(readings.filter((reading) => reading.version === undefined)).toEqual([])
  })

  it('written by any service are seen by all the others', async () => {
    await fillEveryMemory(userId)
    for (const writer of services) {
      const { token, count, reached, resolvedMs } = await writer.call('create', userId)
      expect(reached).toBe(services.length)
      const untilMs = resolvedMs + trustMs * 1.001 + 20
      for (const service of services) {
        expect((await service.call('list', userId, { after: token })).version).toBe(count)
      }
      const plain = services.map((service) => service.call('listUntil', userId, untilMs))
      const readings = (await Promise.all(plain)).flat()
      expect(brokenPromises(readings, { version: count, resolvedMs, trustMs })).toEqual([])
    }
  })

  it('of user 1 leave users 10 and 100 alone', async () => {
    const others = [10, 100]
    for (const user of [1, ...others]) await fillEveryMemory(user)
    const loadsOf = (user: number) =>
      Promise.all(services.map((service) => service.call('loads', user)))
    const before = await Promise.all(others.map(loadsOf))
    for (const writer of services) {
      const { token } = await writer.call('create', 1)
      for (const service of services) {
        // The receipt proves that the message has been processed before memory is looked at.
        await service.call('list', 1, { after: token })
        for (const user of others) {
          expect(await service.call('list', user, { after: token })).toMatchObject({ version: 0 })
        }
      }
    }
    expect(await Promise.all(others.map(loadsOf))).toEqual(before)
    for (const service of services) {
      for (const user of others) {
        expect(await service.call('list', user)).toMatchObject({ from: 'memory', version: 0 })
      }
    }
  })

  it('asked for by 100 requests at once need no more than two connections each', async () => {
    const counts: number[] = []
    let isDone = false
    const watch = async (): Promise<void> => {
      while (!isDone) {
        const clients = String(await raw.call('CLIENT', 'LIST'))
        for (const name of names) counts.push(clients.split(` name=${name}`).length - 1)
      }
    }
    const watching = watch()
    for (let round = 0; round < 5; round += 1) {
      const users = Array.from({ length: 100 }, (_, index) => 10_000 + round * 100 + index)
      const asked = services.map((service) => service.call('listUsers', users))
      const readings = (await Promise.all(asked)).flat()
      expect(readings).toHaveLength(300)
      expect(readings.every((reading) => reading.version === 0)).toBe(true)
    }
    isDone = true
    await watching
    expect(counts.length).toBeGreaterThan(names.length)
    expect(Math.max(...counts)).toBe(connectionsMax)
  })
})
