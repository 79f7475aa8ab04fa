import { afterEach, beforeEach, expect, vi } from 'vitest'
import { allPartitionNames } from '../core/slot-names.ts'
import {
  describeWithRedis as describe,
  eventually,
  Relay,
  TestRedis,
  testWithRedis as test,
} from './redis-server.test-support.ts'
import { hurried, Recorder, TestRemote } from './remote.test-support.ts'

// Real processes on a machine that may be busy.
vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 })

const PORT = 24_030
const OTHER_PORT = 24_031
const RELAY_PORT = 24_032
const redis = new TestRedis(PORT)
const names = allPartitionNames('shop', 2)
let relay: Relay

beforeEach(async () => {
  await redis.start()
  relay = new Relay(RELAY_PORT, PORT)
})

afterEach(async () => {
  await TestRemote.closeAll()
  relay.close()
  await redis.stop()
})

describe('a subscription', () => {
  test('covers every partition at the incarnation of the commands when open resolves', async () => {
    const { told } = await TestRemote.open({ redis: redis.url })
    expect(told.lines).toEqual(['up', 'subscribed 0', 'subscribed 1'])
    const { stamp, runId } = told.ups[0] ?? {}
    expect(told.subscriptions[0]).toEqual({ stamp, runId, generation: 1 })
  })

  test('hands on messages and own echoes in the order of their publishing', async () => {
    const { told, commander } = await TestRemote.open({ redis: redis.url })
    const expected: string[] = []
    for (let id = 0; id < 300; id++) {
      const partition = id % 2
      const isDirect = id % 3 === 0
      const { channel: all, beat } = names[partition] ?? { channel: '', beat: '' }
      const channel = isDirect ? `${beat}p1` : all
      expected.push(`${isDirect ? 'direct' : 'message'} ${partition} é${id}`)
      await commander.send('PUBLISH', [channel, `é${id}`])
    }
    await eventually('all messages', () => told.lines.length === 303)
    expect(told.lines.slice(3)).toEqual(expected)
  })

  test('does not hear other namespaces, nor the echoes of other processes', async () => {
    const { told, commander } = await TestRemote.open({ redis: redis.url })
    await commander.send('PUBLISH', ['cache:invalidate:{other:0}', 'x'])
    await commander.send('PUBLISH', ['{shop:0}:b:p2', 'x'])
    await commander.send('PUBLISH', ['cache:invalidate:{shop:0}', 'last'])
    await eventually('the last message', () => told.count('message 0 last') === 1)
    expect(told.lines).toHaveLength(4)
  })

  test('ends trust at once when it is killed, and comes back while commands go on', async () => {
    const { told } = await TestRemote.open({ redis: redis.url })
    await redis.ask('CLIENT', 'KILL', 'TYPE', 'pubsub')
    await eventually('subscribed again', () => told.subscriptions.length === 4)
    expect(told.lines.slice(3)).toEqual([
      'unsubscribed 0',
      'unsubscribed 1',
      'subscribed 0',
      'subscribed 1',
    ])
    expect(told.subscriptions[3]?.generation).toBe(2)
  })

  test('is ended before resubscribe returns, though the peer has vanished', async () => {
    const { told, remote } = await TestRemote.open({ redis: relay.url })
    relay.silence()
    remote.bus?.resubscribe(0, 'no echo')
    expect(told.unsubscriptions).toEqual(['no echo', 'no echo'])
    relay.speak()
    await eventually('subscribed again', () => told.subscriptions.length === 4)
  })

  test('outlives the command connection where the server is the same', async () => {
    const { told, commander } = await TestRemote.open({ redis: redis.url })
    commander.reconnect('because')
    await eventually('up', () => told.ups.length === 2)
    await commander.send('PUBLISH', ['cache:invalidate:{shop:0}', 'x'])
    await eventually('message', () => told.count('message 0 x') === 1)
    expect(told.unsubscriptions).toEqual([])
  })

  test('is made anew where commands have found another incarnation', async () => {
    const { told, commander } = await TestRemote.open({ redis: redis.url })
    // Gives another replication id without closing a connection.
    await redis.ask('REPLICAOF', '127.0.0.1', '24999')
    await redis.ask('REPLICAOF', 'NO', 'ONE')
    expect(told.unsubscriptions).toEqual([])
    commander.reconnect('the beat shows another stamp')
    await eventually('subscribed again', () => told.subscriptions.length === 4)
    expect(told.subscriptions[2]?.stamp).toBe(told.ups[1]?.stamp)
    expect(told.subscriptions[2]?.stamp).not.toBe(told.ups[0]?.stamp)
  })

  test('ends when a listener could not apply a message', async () => {
    class Broken extends Recorder {
      override message(): void {
        throw new Error('broken')
      }
    }
    const { told, commander } = await TestRemote.open({ redis: redis.url }, new Broken())
    await commander.send('PUBLISH', ['cache:invalidate:{shop:0}', 'x'])
    await eventually('unsubscribed', () => told.unsubscriptions.length === 2)
    expect(told.unsubscriptions[0]).toMatch(/could not be applied: .*broken/)
    await eventually('subscribed again', () => told.subscriptions.length === 4)
  })

  test.each([
    ['sunsubscribe', 2],
    ['unsubscribe', 0],
  ])('ends when the server sends %s unasked', async (word, left) => {
    const clock = hurried(20)
    const { told } = await TestRemote.open({ redis: relay.url, clock, connectTimeoutMs: 40_000 })
    const channel = 'cache:invalidate:{shop:0}'
    relay.inject(`*3\r\n$${word.length}\r\n${word}\r\n$25\r\n${channel}\r\n:${left}\r\n`)
    await eventually('unsubscribed', () => told.unsubscriptions.length === 2)
    expect(told.unsubscriptions[0]).toBe('unsubscribed by the server')
    await eventually('subscribed again', () => told.subscriptions.length === 4)
  })
})

describe('two servers behind one address', () => {
  const other = new TestRedis(OTHER_PORT)
  afterEach(() => other.stop())

  test('never give a subscription at one while commands are at the other', async () => {
    await other.start()
    const { told } = await TestRemote.open({ redis: relay.url })
    relay.target = OTHER_PORT
    await redis.ask('CLIENT', 'KILL', 'TYPE', 'pubsub')
    await eventually('commands at the other server', () => told.ups.length === 2)
    await eventually('subscribed again', () => told.subscriptions.length === 4)
    expect(told.downs[0]).toMatch(/different servers/)
    expect(told.ups[1]?.runId).not.toBe(told.ups[0]?.runId)
    expect(told.subscriptions[2]).toMatchObject({ runId: told.ups[1]?.runId })
    expect(told.lines.indexOf('subscribed 0', 4)).toBeGreaterThan(told.lines.lastIndexOf('up'))
  })

  test('make the commands follow when theirs is no longer a primary', async () => {
    await other.start()
    const { told } = await TestRemote.open({ redis: relay.url })
    relay.target = OTHER_PORT
    await redis.ask('REPLICAOF', '127.0.0.1', '24999')
    await redis.ask('CLIENT', 'KILL', 'TYPE', 'pubsub')
    await eventually('subscribed again', () => told.subscriptions.length === 4)
    expect(told.downs[0]).toMatch(/role:slave/)
    expect(told.subscriptions[2]).toMatchObject({ runId: told.ups[1]?.runId })
  })
})
