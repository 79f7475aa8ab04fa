/**
 * Writers that die (PROTOCOL G5): killed at every step of a `mutate`, they leave no value
 * behind that is older than what was committed. And locks of holders that die or freeze.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { spawnWorker, type TestWorker } from '../servers/processes.ts'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'
import { Database } from './database.ts'
import type { MutateCalls, MutateInit } from './mutate-worker.ts'
import { monotonicMs, type Reading } from './reading.ts'

type Process = TestWorker<MutateCalls>

const file = new URL('./mutate-worker.ts', import.meta.url)
const trustMs = 600
const quarantineMs = 1_500

let redis: TestRedis
let database: Database
let reader: Process
let writers: Process[] = []
let id = 0
let init: MutateInit

async function start(): Promise<void> {
  ;[redis, database] = await Promise.all([startRedis(), Database.open()])
  const namespace = `mutate-${randomUUID().slice(0, 8)}`
  const [redisUrl, databaseUrl] = [redis.url, database.url]
  init = { redisUrl, databaseUrl, namespace, trustMs, quarantineMs }
  reader = await spawnWorker<MutateCalls>(file, init)
}

async function end(): Promise<void> {
  redis?.resume()
  await reader?.stop()
  await database?.close()
  await redis?.stop()
}

async function writer(): Promise<Process> {
  const process = await spawnWorker<MutateCalls>(file, init)
  writers.push(process)
  return process
}

/** The reader serves this version from a tier of the cache. */
async function isCached(version: number): Promise<boolean> {
  const reading = await reader.call('read', id)
  return reading.version === version && reading.from !== 'source'
}

/** How the reader sees the register from now on until the quarantine has surely run out. */
async function readPastDeadline(): Promise<readonly Reading[]> {
  const deadlineMs = monotonicMs() + quarantineMs
  const readings = await reader.call('readUntil', id, deadlineMs + 2 * trustMs)
  return readings.filter(({ invokedMs }) => invokedMs > deadlineMs + trustMs)
}

const versionsIn = (readings: readonly Reading[]) => [
  ...new Set(readings.map((one) => one.version)),
]

describeWithRedis('a writer that is killed', () => {
  beforeAll(start)
  afterAll(end)
  beforeEach(async () => {
    id += 1
    database.write('item', id, 1)
    await eventually('the old value is cached', () => isCached(1))
  })
  afterEach(async () => {
    redis.resume()
    await Promise.allSettled(writers.map((process) => process.kill()))
    writers = []
  })

  it('before it commits leaves nothing old, though the commit comes later', async () => {
    const process = await writer()
    const step = database.holdNext('before', id)
    process.call('mutate', id).catch(() => {})
    await step.taken
    expect(await reader.call('read', id)).toMatchObject({ why: 'quarantined', version: 1 })
    await process.kill()
    await reader.call('read', id)
    database.write('item', id, 2)
    expect(versionsIn(await readPastDeadline())).toEqual([2])
    await eventually('the new value is cached', () => isCached(2))
  })

  it('after it has committed leaves nothing old', async () => {
    const process = await writer()
    const [before, after] = [database.holdNext('before', id), database.holdNext('after', id)]
    process.call('mutate', id).catch(() => {})
    await before.taken
    // A slow reader has what was before the commit when the writer dies.
    const load = database.holdNext('item', id)
    const slow = reader.call('read', id)
    await load.taken
    before.release()
    await after.taken
    await process.kill()
    load.release()
    expect((await slow).version).toBe(1)
    expect(versionsIn(await readPastDeadline())).toEqual([2])
    await eventually('the new value is cached', () => isCached(2))
  })

  it('while it releases leaves nothing old', async () => {
    const process = await writer()
    const after = database.holdNext('after', id)
    const mutating = process.call('mutate', id)
    await after.taken
    redis.freeze()
    after.release()
    // It waits for nobody: the release is on its way.
    await mutating
    await process.kill()
    redis.resume()
    expect(versionsIn(await readPastDeadline())).toEqual([2])
    await eventually('the new value is cached', () => isCached(2))
  })

  it('while it places its quarantine keeps the key from the cache for its time only', async () => {
    const process = await writer()
    redis.freeze()
    process.call('mutate', id).catch(() => {})
    await process.kill()
    redis.resume()
    await readPastDeadline()
    await eventually('it is cached again', () => isCached(database.version('item', id)))
  })

  it('without a quarantine leaves the old value, which is why there is one', async () => {
    const process = await writer()
    const after = database.holdNext('after', id)
    process.call('invalidateAfter', id).catch(() => {})
    await after.taken
    await process.kill()
    expect(versionsIn(await readPastDeadline())).toEqual([1])
  })
})

describeWithRedis('the quarantine of a writer', () => {
  beforeAll(start)
  afterAll(end)
  beforeEach(() => {
    id += 1
    database.write('item', id, 1)
  })
  afterEach(async () => {
    await Promise.allSettled(writers.map((process) => process.kill()))
    writers = []
  })

  it('is placed again on a Redis that has restarted empty, before it is read', async () => {
    const process = await writer()
    const [before, after] = [database.holdNext('before', id), database.holdNext('after', id)]
    process.call('mutate', id).catch(() => {})
    await before.taken
    await redis.restart()
    await eventually('it is in quarantine again', async () => {
      return (await reader.call('read', id)).why === 'quarantined'
    })
    before.release()
    await after.taken
    await process.kill()
    expect(versionsIn(await readPastDeadline())).toEqual([2])
  })
})

describeWithRedis('a lock', () => {
  beforeAll(start)
  afterAll(end)
  beforeEach(() => {
    id += 1
  })
  afterEach(async () => {
    await Promise.allSettled(writers.map((process) => process.kill()))
    writers = []
  })

  it('of a process that was killed is free when its time is up', async () => {
    const [first, second] = await Promise.all([writer(), writer()])
    const work = database.holdNext('work', id)
    first.call('lock', id, 1_000).catch(() => {})
    await work.taken
    const refused = second.call('lock', id, 1_000)
    await expect(refused).rejects.toMatchObject({ code: 'SP_LOCK_TAKEN' })
    await first.kill()
    expect(await second.call('lock', id, 1_000, 10_000)).toMatchObject({ isLost: false })
  })

  it('of a stopped process goes to another, and the fence shows who is late', async () => {
    const [first, second] = await Promise.all([writer(), writer()])
    const work = database.holdNext('work', id)
    const late = first.call('lock', id, 1_000)
    await work.taken
    first.pause()
    const inTime = await second.call('lock', id, 1_000, 10_000)
    work.release()
    first.resume()
    const { fence, isLost } = await late
    expect(inTime.isLost).toBe(false)
    expect(isLost).toBe(true)
    expect(fence).toBeLessThan(inTime.fence)
  })
})
