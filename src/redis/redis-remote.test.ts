import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import {
  describeWithRedis as describe,
  eventually,
  Relay,
  TestRedis,
  testWithRedis as test,
} from './redis-server.test-support.ts'
import { TestRemote, TickingClock } from './remote.test-support.ts'

// Real processes on a machine that may be busy.
vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 })

const PORT = 24_040
const RELAY_PORT = 24_041
const redis = new TestRedis(PORT)
const guarded = new TestRedis(PORT, '--requirepass', 'secret')

/** Open sockets and dials under way of this process. */
function sockets(): string[] {
  const kinds = ['TCPSocketWrap', 'TCPConnectWrap', 'GetAddrInfoReqWrap']
  return process.getActiveResourcesInfo().filter((kind) => kinds.includes(kind))
}

afterEach(async () => {
  await TestRemote.closeAll()
  await redis.stop()
  await guarded.stop()
})

describe('opening', () => {
  test('without a server ends at the connect timeout, and heals later', async () => {
    const startMs = performance.now()
    const { told, outcome } = await TestRemote.open({ redis: redis.url, connectTimeoutMs: 200 })
    const tookMs = performance.now() - startMs
    expect(tookMs).toBeGreaterThanOrEqual(199)
    expect(tookMs).toBeLessThan(1500)
    expect(told.lines).toEqual([])
    expect(await outcome('PING')).toBe('down')
    await redis.start()
    await eventually('subscribed', () => told.subscriptions.length === 2)
    expect(await outcome('PING')).toBe('PONG')
  })

  test('at a peer that accepts and says nothing ends at the connect timeout', async () => {
    await redis.start()
    const relay = new Relay(RELAY_PORT, PORT)
    relay.silence()
    try {
      const { told } = await TestRemote.open({ redis: relay.url, connectTimeoutMs: 200 })
      expect(told.lines).toEqual([])
      relay.speak()
      await eventually('subscribed', () => told.subscriptions.length === 2)
    } finally {
      relay.close()
    }
  })

  test('with a wrong password says so in every fault, and heals when it is right', async () => {
    await guarded.start()
    const wrong = `redis://:wrong@127.0.0.1:${PORT}`
    const { told, commander } = await TestRemote.open({ redis: wrong, connectTimeoutMs: 200 })
    await expect(commander.send('PING', [])).rejects.toThrow(/WRONGPASS/)
    await expect(commander.send('PING', [])).rejects.toMatchObject({ kind: 'down' })
    const admin = new Redis(PORT, '127.0.0.1', { password: 'secret' })
    await admin.config('SET', 'requirepass', 'wrong')
    admin.disconnect()
    await eventually('subscribed', () => told.subscriptions.length === 2)
  })

  test('in a database that the server does not have never succeeds', async () => {
    await redis.start()
    const choice = { redis: `${redis.url}/99`, connectTimeoutMs: 200 }
    const { told, commander } = await TestRemote.open(choice)
    expect(told.lines).toEqual([])
    await expect(commander.send('PING', [])).rejects.toThrow(/DB index/)
  })

  test('is possible once', async () => {
    await redis.start()
    const { remote, told } = await TestRemote.open({ redis: redis.url })
    await expect(remote.open('p1', told)).rejects.toThrow(/new remote/)
  })

  test('takes address and password of an instance, and leaves the instance alone', async () => {
    await guarded.start()
    const instance = new Redis(PORT, '127.0.0.1', { password: 'secret', lazyConnect: true })
    const { outcome, remote } = await TestRemote.open({ redis: instance })
    expect(await outcome('PING')).toBe('PONG')
    await remote.close()
    expect(instance.status).toBe('wait')
    expect(await instance.ping()).toBe('PONG')
    instance.disconnect()
  })
})

describe('closing', () => {
  const ticking = new TickingClock()
  const choice = { redis: redis.url, clock: ticking }

  beforeEach(() => eventually('no socket of an earlier test', () => sockets().length === 0))

  test('leaves no socket and no timer, however often it is called', async () => {
    await redis.start()
    const { remote, told, outcome } = await TestRemote.open(choice)
    expect(sockets().length).toBeGreaterThanOrEqual(2)
    expect(ticking.pending).toBe(2)
    await Promise.all([remote.close(), remote.close()])
    await remote.close()
    expect(sockets()).toEqual([])
    expect(ticking.pending).toBe(0)
    expect(told.lines).toEqual(['up', 'subscribed 0', 'subscribed 1'])
    expect(await outcome('PING')).toBe('down')
  })

  test('rejects what is unanswered as lost, though the server is stopped', async () => {
    await redis.start()
    const { remote, outcome } = await TestRemote.open(choice)
    redis.signal('SIGSTOP')
    const waiting = outcome('PING')
    await remote.close()
    expect(await waiting).toBe('lost')
    expect(sockets()).toEqual([])
    expect(ticking.pending).toBe(0)
  })

  test('ends an opening under way, with nothing left of it', async () => {
    await redis.start()
    const { remote, told } = TestRemote.create({ ...choice, connectTimeoutMs: 30_000 })
    const opening = remote.open('p1', told)
    await remote.close()
    await opening
    expect(sockets()).toEqual([])
    expect(ticking.pending).toBe(0)
  })

  test('ends the retries of a remote that never connected', async () => {
    const { remote, told } = await TestRemote.open({ ...choice, connectTimeoutMs: 100 })
    expect(ticking.pending).toBe(2)
    await remote.close()
    expect(sockets()).toEqual([])
    expect(ticking.pending).toBe(0)
    expect(told.lines).toEqual([])
  })
})
