import { afterEach, beforeEach, expect, vi } from 'vitest'
import { StoreFault } from '../core/contracts/store.ts'
import type { Commander } from './commander.ts'
import { UNANSWERED_MAX, UNSENT_BYTES_MAX } from './exchange.ts'
import {
  describeWithRedis as describe,
  eventually,
  Relay,
  TestRedis,
  testWithRedis as test,
} from './redis-server.test-support.ts'
import { hurried, outcomeOf, TestRemote } from './remote.test-support.ts'

// Real processes on a machine that may be busy.
vi.setConfig({ testTimeout: 40_000, hookTimeout: 40_000 })

const PORT = 24_020
const RELAY_PORT = 24_021
const redis = new TestRedis(PORT)
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

/** The names of all connections of the server, but for the one that asks. */
async function clientNames(): Promise<string[]> {
  const lines = String(await redis.ask('CLIENT', 'LIST'))
    .trim()
    .split('\n')
  const others = lines.filter((line) => !line.includes(' cmd=client'))
  return others.map((line) => / name=(\S*)/.exec(line)?.[1] ?? line)
}

async function hasFault(commander: Commander, pattern: RegExp): Promise<boolean> {
  const fault = await commander.send('PING', []).catch((error: unknown) => error)
  return fault instanceof StoreFault && pattern.test(fault.message)
}

describe('commands on a running server', () => {
  test('get their replies in the order of their calls', async () => {
    const { commander } = await TestRemote.open({ redis: redis.url })
    const sent = [
      commander.send('SET', ['a', 1]),
      commander.send('INCRBY', ['a', 41]),
      commander.pipeline([
        ['GET', 'a'],
        ['HMGET', 'none', 'x', 'y'],
        ['EXISTS', 'a'],
      ]),
      commander.send('GET', ['none']),
    ]
    expect(await Promise.all(sent)).toEqual(['OK', 42, ['42', [null, null], 1], null])
  })

  test('answer each of a pipeline on its own', async () => {
    const { commander } = await TestRemote.open({ redis: redis.url })
    await commander.send('SADD', ['set', 'a'])
    const replies = await commander.pipeline([
      ['GET', 'set'],
      ['EVALSHA', '0'.repeat(40), 0],
      ['NONSENSE'],
      ['PING'],
    ])
    expect(replies).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/^WRONGTYPE/) }),
      expect.objectContaining({ message: expect.stringMatching(/^NOSCRIPT/) }),
      expect.objectContaining({ kind: 'refused', message: expect.stringMatching(/NONSENSE/) }),
      'PONG',
    ])
    expect(await commander.pipeline([])).toEqual([])
  })

  test('use two connections for a hundred callers, one without messages', async () => {
    const { commander } = await TestRemote.open({ redis: redis.url })
    await TestRemote.open({ redis: { port: PORT, connectionName: 'quiet' }, withBus: false })
    const calls = Array.from({ length: 100 }, (_, id) => commander.send('INCRBY', ['n', id]))
    const names = await clientNames()
    expect((await Promise.all(calls)).at(-1)).toBe(4950)
    const busy = Array.from({ length: 100 }, (_, id) => commander.send('GET', [`k${id}`]))
    expect([...names, ...(await clientNames())].sort()).toEqual(
      ['quiet', 'quiet', 'staleproof', 'staleproof', 'staleproof-bus', 'staleproof-bus'].sort(),
    )
    await Promise.all(busy)
  })

  test('run in the database of the address', async () => {
    const { commander, remote } = await TestRemote.open({ redis: `${redis.url}/3` })
    await commander.send('SET', ['a', 'b'])
    expect(await redis.ask('INFO', 'keyspace')).toMatch(/db3:keys=1/)
    expect(remote.bus?.database).toBe(3)
  })
})

describe('commands when the server goes', () => {
  test('are lost when it dies, and not sent until it is back under a new stamp', async () => {
    const { commander, told, outcome } = await TestRemote.open({ redis: redis.url })
    redis.signal('SIGSTOP')
    const waiting = [outcome('GET', 'a'), outcomeOf(commander.pipeline([['GET', 'a'], ['TIME']]))]
    await redis.stop()
    expect(await Promise.all(waiting)).toEqual(['lost', 'lost'])
    await eventually('down', () => told.downs.length === 1)
    expect(commander.connected).toBeUndefined()
    expect(await outcome('GET', 'a')).toBe('down')
    expect(await outcomeOf(commander.pipeline([['GET', 'a']]))).toBe('down')
    await redis.start()
    await eventually('up', () => told.ups.length === 2)
    expect(told.ups[1]?.stamp).not.toBe(told.ups[0]?.stamp)
    expect(told.ups[1]?.generation).toBe((told.ups[0]?.generation ?? 0) + 1)
    expect(await outcome('PING')).toBe('PONG')
  })

  test('are lost at once by a reconnection to a server that is stopped', async () => {
    const { commander, told, outcome } = await TestRemote.open({ redis: redis.url })
    redis.signal('SIGSTOP')
    const waiting = outcome('GET', 'a')
    commander.reconnect('because')
    expect(told.downs).toEqual(['because'])
    expect(await waiting).toBe('lost')
    redis.signal('SIGCONT')
    await eventually('up', () => told.ups.length === 2)
    expect(told.ups[1]?.stamp).toBe(told.ups[0]?.stamp)
  })

  test('are refused beyond the bound of unanswered ones', async () => {
    const { commander, outcome } = await TestRemote.open({ redis: redis.url })
    redis.signal('SIGSTOP')
    const waiting = Array.from({ length: UNANSWERED_MAX }, () => outcome('PING'))
    expect(await outcome('PING')).toBe('down')
    expect(await outcomeOf(commander.pipeline([['PING']]))).toBe('down')
    redis.signal('SIGCONT')
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['PONG']))
    expect(await outcome('PING')).toBe('PONG')
  })

  test('are refused while too many bytes wait for the socket', async () => {
    const { outcome, remote } = await TestRemote.open({ redis: redis.url })
    redis.signal('SIGSTOP')
    const chunk = 'x'.repeat(4 * 1024 * 1024)
    const chunksMax = UNSENT_BYTES_MAX / chunk.length
    const outcomes = Array.from({ length: chunksMax + 2 }, () => outcome('ECHO', chunk))
    expect(await outcomes.at(-1)).toBe('down')
    await remote.close()
    expect(await Promise.all(outcomes.slice(0, chunksMax))).not.toContain('down')
  })

  test('end a connection that has answered none for five seconds', async () => {
    const choice = { redis: relay.url, clock: hurried(20), withBus: false }
    const { told, outcome } = await TestRemote.open(choice)
    relay.silence()
    expect(await outcome('PING')).toBe('lost')
    expect(told.downs[0]).toMatch(/unanswered for 5000 ms/)
    relay.speak()
    await eventually('up', () => told.ups.length === 2)
    expect(await outcome('PING')).toBe('PONG')
  })
})

describe('a server that stops being the primary', () => {
  test('is left at its first refusal, and not used until it is one again', async () => {
    const { commander, told, outcome } = await TestRemote.open({ redis: redis.url })
    await redis.ask('REPLICAOF', '127.0.0.1', '24999')
    const [write, read] = [outcome('SET', 'a', 1), outcome('GET', 'a')]
    expect(await write).toBe('refused')
    expect(await read).toBe('lost')
    expect(told.downs[0]).toMatch(/^READONLY/)
    await eventually('refused handshake', () => hasFault(commander, /role:slave/))
    await redis.ask('REPLICAOF', 'NO', 'ONE')
    await eventually('up', () => told.ups.length === 2)
    expect(told.ups[1]?.runId).toBe(told.ups[0]?.runId)
    expect(told.ups[1]?.stamp).not.toBe(told.ups[0]?.stamp)
    await eventually('subscribed', () => told.subscriptions.length === 4)
    expect(told.subscriptions[2]?.stamp).toBe(told.ups[1]?.stamp)
  })
})
