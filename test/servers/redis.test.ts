import { existsSync } from 'node:fs'
import { Redis } from 'ioredis'
import { afterEach, expect, it } from 'vitest'
import { processIdentity } from '../../services/launcher/process-identity.ts'
import { describeWithRedis, startRedis, type TestRedis } from './redis.ts'

describeWithRedis('a native Redis for tests', () => {
  let server: TestRedis | undefined
  let client: Redis | undefined

  afterEach(async () => {
    client?.disconnect()
    await server?.stop()
  })

  async function open(args: readonly string[] = []): Promise<{ server: TestRedis; client: Redis }> {
    const started = await startRedis({ args })
    server = started
    const connected = new Redis(started.url, {
      retryStrategy: () => 20,
      maxRetriesPerRequest: null,
    })
    connected.on('error', () => {})
    client = connected
    return { server: started, client: connected }
  }

  it('comes back empty, as another process, on the same port', async () => {
    const { server, client } = await open()
    await client.set('a', '1')
    const pid = server.pid
    await server.kill()
    expect(server.pid).toBeUndefined()
    await server.restart()
    expect(server.pid).not.toBe(pid)
    expect(await client.get('a')).toBeNull()
  })

  it('keeps what it was told to keep on disk', async () => {
    const { server, client } = await open(['--appendonly', 'yes', '--appendfsync', 'always'])
    await client.set('a', '1')
    await server.restart()
    expect(await client.get('a')).toBe('1')
  })

  it('answers what was asked while it was frozen, after it has resumed', async () => {
    const { server, client } = await open()
    await client.ping()
    server.freeze()
    let isAnswered = false
    const answer = client.ping().then((text) => {
      isAnswered = true
      return text
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(isAnswered).toBe(false)
    server.resume()
    expect(await answer).toBe('PONG')
  })

  it('leaves neither process nor folder, even when stopped while frozen', async () => {
    const { server, client } = await open()
    const [, folder] = await client.config('GET', 'dir').then((reply) => reply as string[])
    client.disconnect()
    const pid = server.pid ?? 0
    expect(folder).toContain('staleproof-redis-')
    server.freeze()
    await server.stop()
    expect(processIdentity(pid)).toBeUndefined()
    expect(existsSync(String(folder))).toBe(false)
  })
})
