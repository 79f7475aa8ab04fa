import { afterEach, expect } from 'vitest'
import {
  describeWithRedis,
  startOnFreePort,
  type TestRedis,
  testWithRedis as test,
} from '../../redis/redis-server.test-support.ts'
import { VirtualClock } from '../../testing/virtual-clock.ts'
import type { MetricName } from './definitions.ts'
import { NameBounds } from './name-bounds.ts'
import { SeriesTable } from './series-table.ts'
import { ServerSampler } from './server-sampler.ts'

let redis: TestRedis | undefined
let sampler: ServerSampler | undefined

afterEach(async () => {
  await sampler?.close()
  await redis?.stop()
  sampler = undefined
  redis = undefined
})

async function opened(...args: readonly string[]) {
  const server = await startOnFreePort(...args)
  const clock = new VirtualClock()
  const opened = new ServerSampler({ target: server.url, clock })
  redis = server
  sampler = opened
  await opened.sampled()
  const read = (name: MetricName) => {
    const table = new SeriesTable('full', new NameBounds())
    opened.read(table)
    return table.series(name)[0]?.value
  }
  const later = async (ms: number) => {
    await clock.advance(ms)
    await opened.sampled()
  }
  return { server, read, later }
}

describeWithRedis('the sampler of a server', () => {
  test('asks every 15 s, and shows in between what it read last', async () => {
    const { read, later } = await opened()
    const before = read('redis_commands_processed_total')
    await later(14_000)
    expect(read('redis_commands_processed_total')).toBe(before)
    await later(1_001)
    expect(read('redis_commands_processed_total')).toBeGreaterThan(before ?? 0)
  })

  test('shows no old numbers for long, but always that the server is down', async () => {
    const { server, read, later } = await opened()
    await server.stop()
    await later(15_001)
    expect(read('redis_up')).toBe(0)
    expect(read('redis_memory_used_bytes')).toBeGreaterThan(0)
    await later(31_000)
    expect(read('redis_up')).toBe(0)
    expect(read('redis_memory_used_bytes')).toBeUndefined()
  })

  test('shows what it may, where the server refuses the rest', async () => {
    const { read } = await opened('--rename-command', 'CONFIG', '')
    expect(read('redis_up')).toBe(1)
    expect(read('redis_max_clients')).toBeGreaterThan(0)
    expect(read('redis_config_maxclients')).toBeUndefined()
  })
})
