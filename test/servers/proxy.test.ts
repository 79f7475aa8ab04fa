import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { type RedisProxy, startProxy } from './proxy.ts'
import { describeWithRedis, startRedis, type TestRedis } from './redis.ts'

describeWithRedis('a bad network in front of Redis', () => {
  let server: TestRedis
  let direct: Redis
  let proxy: RedisProxy
  const clients: Redis[] = []

  beforeEach(async () => {
    server = await startRedis()
    proxy = await startProxy(server.port)
    direct = new Redis(server.url)
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect()
    direct.disconnect()
    await proxy.stop()
    await server.stop()
  })

  async function through(): Promise<Redis> {
    const client = new Redis(proxy.url, { retryStrategy: () => null })
    client.on('error', () => {})
    clients.push(client)
    await client.ping()
    return client
  }

  async function subscriber(heard: string[]): Promise<Redis> {
    const client = await through()
    client.on('message', (_channel, text) => heard.push(text))
    await client.subscribe('news')
    return client
  }

  it('tells subscribers from connections for commands', async () => {
    await through()
    await subscriber([])
    expect([proxy.count('command'), proxy.count('subscriber')]).toEqual([1, 1])
  })

  it('holds what subscribers hear while commands pass, and delivers it later', async () => {
    const heard: string[] = []
    const commands = await through()
    await subscriber(heard)
    proxy.mode('subscriber', 'blackhole')
    expect(await commands.publish('news', 'held')).toBe(1)
    expect(await commands.ping()).toBe('PONG')
    expect(heard).toEqual([])
    proxy.mode('subscriber', 'pass')
    await eventually('the held message', () => heard.includes('held'))
  })

  it('loses the answer of a command that was executed', async () => {
    const client = await through()
    proxy.mode('command', { toServer: 'pass', toClient: 'hold' })
    const answer = client.set('a', '1')
    await eventually('the write', async () => (await direct.get('a')) === '1')
    const rejected = expect(answer).rejects.toThrow(/closed/i)
    proxy.cut('command')
    await rejected
  })

  it('delays each direction by the given time', async () => {
    const client = await through()
    proxy.mode('command', { delayMs: 60 })
    const startedAt = performance.now()
    await client.ping()
    // Timers may fire up to a millisecond early.
    expect(performance.now() - startedAt).toBeGreaterThan(118)
  })

  it('cuts the connections of one kind only', async () => {
    const commands = await through()
    const listener = await subscriber([])
    const closed = new Promise<void>((resolve) => listener.once('close', resolve))
    expect(proxy.cut('subscriber')).toBe(1)
    await closed
    expect(await commands.ping()).toBe('PONG')
  })

  it('refuses new connections while those that are open live on', async () => {
    const client = await through()
    proxy.mode('all', 'refuse')
    await expect(through()).rejects.toThrow()
    expect(await client.ping()).toBe('PONG')
  })

  it('ends a connection towards the server without telling the client', async () => {
    const client = await subscriber([])
    let isClosed = false
    client.once('close', () => {
      isClosed = true
    })
    proxy.mode('subscriber', 'blackhole')
    expect(proxy.halfClose('subscriber', 'server')).toBe(1)
    await eventually('the server to see no subscriber', async () => {
      const [, count] = (await direct.pubsub('NUMSUB', 'news')) as [string, number]
      return count === 0
    })
    expect(isClosed).toBe(false)
  })

  it('ends a connection towards the client without telling the server', async () => {
    const client = await subscriber([])
    proxy.mode('subscriber', { toServer: 'hold', toClient: 'pass' })
    const closed = new Promise<void>((resolve) => client.once('close', resolve))
    proxy.halfClose('subscriber', 'client')
    await closed
    expect(await direct.pubsub('NUMSUB', 'news')).toEqual(['news', 1])
  })
})
