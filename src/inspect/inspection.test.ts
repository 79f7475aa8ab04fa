import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect } from 'vitest'
import {
  describeWithRedis,
  eventually,
  freePort,
  startOnFreePort,
  type TestRedis,
  testWithRedis as test,
} from '../redis/redis-server.test-support.ts'
import { type Inspection, openInspection, pipelineMax } from './inspection.ts'
import { numberOf, textOf } from './reply.ts'

const allowed = ['ping', 'get', 'incr', 'info', 'config|get', 'acl|whoami']
const options = { name: 'test', allowed, connectTimeoutMs: 500, commandTimeoutMs: 500 }

let redis: TestRedis | undefined
let inspection: Inspection | undefined

afterEach(async () => {
  await inspection?.close()
  await redis?.stop()
  inspection = undefined
  redis = undefined
})

async function opened(...args: readonly string[]): Promise<Inspection> {
  redis = await startOnFreePort(...args)
  inspection = await openInspection(redis.url, options)
  return inspection
}

/** The message of what is rejected. */
async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing was refused',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
}

describeWithRedis('an inspection', () => {
  test('never sends what is not on its list', async () => {
    const connection = await opened()
    const forbidden = connection.call('set', 'a', 'b')
    await expect(forbidden).rejects.toMatchObject({ code: 'SP_COMMAND_FORBIDDEN' })
    const subcommand = connection.call('CONFIG', 'SET', 'maxmemory', 1)
    await expect(subcommand).rejects.toMatchObject({ code: 'SP_COMMAND_FORBIDDEN' })
    const mixed = connection.pipeline([['get', 'a'], ['flushall']])
    await expect(mixed).rejects.toMatchObject({ code: 'SP_COMMAND_FORBIDDEN' })
    const stats = String(await redis?.ask('info', 'commandstats'))
    expect(stats).not.toMatch(/cmdstat_(set|get|flushall|config)/)
  })

  test('counts what it has sent, subcommands apart', async () => {
    const connection = await opened()
    await connection.call('GET', 'a')
    await connection.call('config', 'get', 'maxmemory')
    await connection.pipeline([
      ['get', 'a'],
      ['get', 'b'],
    ])
    expect(connection.counts()).toMatchObject({ get: 3, 'config|get': 1 })
  })

  test('gives each command of a pipeline its own error', async () => {
    const connection = await opened()
    await redis?.ask('lpush', 'list', 'a')
    const answers = await connection.pipeline([
      ['get', 'none'],
      ['get', 'list'],
    ])
    expect(answers[0]).toEqual({ reply: null })
    expect(answers[1]).toMatchObject({ error: { code: 'SP_REDIS_REFUSED' } })
  })

  test('refuses a pipeline that is too long', async () => {
    const connection = await opened()
    const lines = Array.from({ length: pipelineMax + 1 }, () => ['ping'] as const)
    await expect(connection.pipeline(lines)).rejects.toMatchObject({ code: 'SP_COMMAND_FORBIDDEN' })
  })

  test('keeps bytes that are no text', async () => {
    const connection = await opened()
    await redis?.ask('eval', "redis.call('set', 'a', string.char(255, 0, 254))", '0')
    expect(await connection.callBytes('get', 'a')).toEqual(Buffer.from([255, 0, 254]))
  })

  test('names the right that a user lacks', async () => {
    const connection = await opened()
    await redis?.ask('acl', 'setuser', 'default', '-config|get')
    expect(await refusal(connection.call('config', 'get', 'maxmemory'))).toMatch(
      /lacks the right \+config\|get/,
    )
  })

  test('dials again where a connection was lost', async () => {
    const connection = await opened()
    await redis?.ask('client', 'kill', 'type', 'normal')
    await eventually('it answers', () =>
      connection.call('ping').then(
        () => true,
        () => false,
      ),
    )
  })

  test('waits for a server that hangs no longer than its deadline, and recovers', async () => {
    const connection = await opened()
    redis?.signal('SIGSTOP')
    expect(await refusal(connection.call('ping'))).toMatch(/not answered within 500 ms/)
    redis?.signal('SIGCONT')
    expect(await connection.call('ping')).toBe('PONG')
  })

  test('is listed by its name', async () => {
    await opened()
    expect(String(await redis?.ask('client', 'list'))).toMatch(/name=test /)
  })

  test('answers nothing once it is closed', async () => {
    const connection = await opened()
    await connection.close()
    await connection.close()
    await expect(connection.call('ping')).rejects.toMatchObject({ code: 'SP_REDIS_DOWN' })
  })

  test('reaches another node with the same options, and counts both', async () => {
    const connection = await opened()
    const node = connection.to({ host: '127.0.0.1', port: redis?.port ?? 0 })
    expect(numberOf(await node.call('incr', 'a'))).toBe(1)
    expect(textOf(await node.call('acl', 'whoami'))).toBe('default')
    expect(connection.counts()).toMatchObject({ incr: 1 })
    await connection.close()
    await expect(node.call('ping')).rejects.toMatchObject({ code: 'SP_REDIS_DOWN' })
  })

  test('has one connection to a node, whichever other one led to it', async () => {
    const connection = await opened()
    const there = { host: '127.0.0.1', port: redis?.port ?? 0 }
    const node = connection.to(there)
    expect(node.to(there)).toBe(node)
    const other = node.to({ ...there, host: 'localhost' })
    expect(connection.to({ ...there, host: 'localhost' })).toBe(other)
    await other.call('ping')
    await connection.close()
    await expect(other.call('ping')).rejects.toMatchObject({ code: 'SP_REDIS_DOWN' })
  })

  test('ends its connection to a node that has left, and makes another if it returns', async () => {
    const connection = await opened()
    const left = { host: '127.0.0.1', port: redis?.port ?? 0 }
    const stays = { ...left, host: 'localhost' }
    const [node, other] = [connection.to(left), connection.to(stays)]
    await Promise.all([node.call('ping'), other.call('ping')])
    connection.keepOnly([stays])
    await expect(node.call('ping')).rejects.toMatchObject({ code: 'SP_REDIS_DOWN' })
    expect(connection.to(stays)).toBe(other)
    expect(await other.call('ping')).toBe('PONG')
    expect(await connection.to(left).call('ping')).toBe('PONG')
  })
})

describeWithRedis('a connection that can not be made says why', () => {
  const failing = (target: string): Promise<string> => refusal(openInspection(target, options))

  test('nothing listens', async () => {
    const port = await freePort()
    const why = await failing(`redis://127.0.0.1:${port}`)
    expect(why).toContain(`SP_REDIS_DOWN: Redis at 127.0.0.1:${port} `)
    expect(why).toContain('nothing listens there')
  })

  test('no such host', async () => {
    expect(await failing('redis://no-such-host.invalid:6379')).toMatch(/not known to DNS/)
  })

  test('no password, or a wrong one, which is not repeated', async () => {
    redis = await startOnFreePort('--requirepass', 'right')
    expect(await failing(redis.url)).toMatch(/wants a password/)
    const wrong = await failing(redis.url.replace('//', '//:mistaken@'))
    expect(wrong).toMatch(/password is wrong/)
    expect(wrong).not.toMatch('mistaken')
  })

  test('TLS against a plain port', async () => {
    redis = await startOnFreePort()
    expect(await failing(redis.url.replace('redis', 'rediss'))).toMatch(/does not speak TLS/)
  })

  test('a database that the server has not, rather than looking into another', async () => {
    redis = await startOnFreePort('--databases', '2')
    expect(await failing(`${redis.url}/2`)).toMatch(/no database of that number/)
    inspection = await openInspection(`${redis.url}/1`, options)
    await inspection.call('incr', 'a')
    expect(String(await redis.ask('info', 'keyspace'))).toMatch(/^db1:keys=1/m)
  })

  test('another kind of server', async () => {
    const http = createServer().listen(0, '127.0.0.1')
    await once(http, 'listening')
    const { port } = http.address() as AddressInfo
    expect(await failing(`redis://127.0.0.1:${port}`)).toMatch(/is no Redis/)
    http.close()
  })

  test.each(['not an address', 'http://localhost:6379', 'redis://localhost:6379/first'])(
    'an address that is none: %s',
    async (address) => {
      expect(await failing(address)).toContain('SP_OPTION_INVALID')
      expect(await failing(address)).toContain(`'${address}'`)
    },
  )
})
