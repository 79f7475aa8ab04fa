import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { systemClock } from '../system.ts'
import { Exchange } from './exchange.ts'
import {
  describeWithRedis as describe,
  TestRedis,
  testWithRedis as test,
} from './redis-server.test-support.ts'

const server = new TestRedis(24_080)
let client: Redis
let exchange: Exchange

beforeAll(async () => {
  await server.start()
  client = new Redis(server.port, '127.0.0.1', { protocol: 2, lazyConnect: true })
  await client.connect()
})
afterAll(async () => {
  client.disconnect()
  await server.stop()
})
beforeEach(async () => {
  await client.flushall()
  const identity = { isReplicated: false, lostTailMs: 0, unfitEviction: undefined }
  const link = { redis: client, incarnation: { stamp: 's', runId: 'r' }, ...identity }
  exchange = new Exchange(link, systemClock, () => {})
})

const isWaiting = () => client.stream.writableLength > 0

describe('a command', () => {
  test('waits for the end of its tick, and leaves then', async () => {
    const reply = exchange.send('SET', ['a', 1])
    expect(isWaiting()).toBe(true)
    await new Promise((resolve) => process.nextTick(resolve))
    expect(isWaiting()).toBe(false)
    expect(await reply).toBe('OK')
  })

  test('that is urgent leaves at once, behind those that wait', async () => {
    const replies = [exchange.send('SET', ['a', 1]), exchange.send('INCR', ['a'], 'now')]
    expect(isWaiting()).toBe(false)
    replies.push(exchange.send('INCR', ['a']))
    expect(isWaiting()).toBe(true)
    replies.push(exchange.send('INCR', ['a'], 'now'))
    expect(await Promise.all(replies)).toEqual(['OK', 2, 3, 4])
  })

  test('that comes after an urgent one leaves with its tick all the same', async () => {
    const urgent = exchange.send('SET', ['a', 1], 'now')
    const later = exchange.pipeline([['INCR', 'a']])
    expect(isWaiting()).toBe(true)
    expect([await urgent, await later]).toEqual(['OK', [2]])
  })
})
