import { afterEach, expect, vi } from 'vitest'
import { parseDirect, parseMessage } from '../core/message.ts'
import { systemChance, systemClock } from '../system.ts'
import { redisRemote } from './index.ts'
import { eventually, TestRedis, testWithRedis as test } from './redis-server.test-support.ts'
import { Recorder } from './remote.test-support.ts'

// Real processes on a machine that may be busy.
vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 })

const redis = new TestRedis(24_050)
afterEach(() => redis.stop())

test('an invalidation and the echo of a beat after it arrive in that order', async () => {
  await redis.start()
  const system = { clock: systemClock, chance: systemChance }
  const place = {
    redis: `${redis.url}/2`,
    namespace: 'shop',
    partitions: 1,
    connectTimeoutMs: 2_000,
  }
  const remote = redisRemote({ ...place, ...system, withBus: true })
  const told = new Recorder()
  await remote.open('p1', told)
  try {
    const ask = { key: 'user:7', order: '', keepsOrder: false, floorMs: 0, tokens: [] }
    const asks = [{ ...ask, settle: undefined }]
    await remote.store.invalidate(0, { origin: 'api', reason: 'moved', asks, barrier: undefined })
    const times = { trustMs: 1500, registryMs: 60_000 }
    const settings = '1|1|1500'
    const nonce = systemChance.token()
    const beat = await remote.store.beat(0, {
      process: 'p1',
      nonce,
      settings,
      isFirst: true,
      ...times,
    })
    await eventually('echo', () => told.lines.length === 4)
    const [message = '', echo = ''] = told.lines
      .slice(2)
      .map((line) => line.slice(line.indexOf('0') + 2))
    expect(parseMessage(message, remote.bus?.database ?? -1)).toMatchObject({ keys: ['user:7'] })
    expect(parseDirect(echo)).toMatchObject({ nonce, runId: told.subscriptions[0]?.runId })
    expect(beat.stamp).toBe(remote.store.connectedOf(0)?.stamp)
  } finally {
    await remote.close()
  }
})
