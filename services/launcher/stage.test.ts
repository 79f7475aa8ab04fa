import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { postgresServerUrl } from '../../test/servers/postgres.ts'
import { typescriptArguments } from '../../test/servers/processes.ts'
import { type StubServices, stubServices } from '../../test/servers/stub-services.ts'
import { freePortBase } from './ports.ts'
import { queryOnce } from './postgres-database.ts'
import { processIdentity } from './process-identity.ts'
import { askRedis } from './redis-probe.ts'
import { openStage, type Stage, type StageOptions } from './stage.ts'

let folder: string
let stubs: StubServices
let stage: Stage | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-stage-'))
  chmodSync(folder, 0o755)
  stubs = stubServices()
})
afterEach(async () => {
  await stage?.close()
  stage = undefined
  stubs.remove()
  rmSync(folder, { recursive: true, force: true })
})

async function open(options: StageOptions = {}): Promise<Stage> {
  stage = await openStage({
    portBase: await freePortBase(),
    dataFolder: folder,
    serviceFolder: stubs.folder,
    databaseUrl: await postgresServerUrl(),
    databaseName: 'stage_of_stubs',
    dropsDatabase: true,
    nodeArguments: typescriptArguments,
    ...options,
  })
  return stage
}

it('starts the services in an order in which each finds what it needs', async () => {
  const lines: string[] = []
  await open({ onLine: ({ from, text }) => from === 'launcher' && lines.push(text) })
  const ups = lines.filter((line) => line.includes(': up')).map((line) => line.split(':')[0])
  expect(ups.slice(0, 2)).toEqual(['upstream', 'api'])
  expect(ups.slice(2, 6).sort()).toEqual(['indexer', 'products', 'telegram', 'workers'])
  expect(ups.slice(6)).toEqual(['bot'])
})

it('hands on the lines of a service under its name', async () => {
  const lines: string[] = []
  const { urls } = await open({ onLine: ({ from, text }) => lines.push(`${from}: ${text}`) })
  await fetch(`${urls.workers}/loud`)
  await stage?.close()
  expect(lines).toContain('workers: a line of the stub')
})

it('has a Redis that can be killed and comes back on the same port', async () => {
  const { redis } = await open()
  const pid = redis.pid
  await redis.kill?.()
  await expect(askRedis(redis.url, 1_000, (asked) => asked.ping())).rejects.toThrow()
  await redis.restart?.()
  expect(await askRedis(redis.url, 1_000, (asked) => asked.ping())).toBe('PONG')
  expect(redis.pid).not.toBe(pid)
})

it('offers no faults for a Redis that was given', async () => {
  const first = await open()
  const second = await openStage({
    portBase: await freePortBase(),
    dataFolder: folder,
    serviceFolder: stubs.folder,
    redisUrl: first.redis.url,
    databaseUrl: await postgresServerUrl(),
    databaseName: 'stage_of_stubs_2',
    dropsDatabase: true,
    nodeArguments: typescriptArguments,
  })
  expect(Object.keys(second.redis).sort()).toEqual(['description', 'url'])
  await second.close()
  expect(await askRedis(first.redis.url, 1_000, (asked) => asked.ping())).toBe('PONG')
})

it('drops its database and ends its processes when it closes', async () => {
  const { pids, close, databaseUrl } = await open()
  expect(await queryOnce(databaseUrl, 'select 1')).toBe(1)
  await close()
  await expect(queryOnce(databaseUrl, 'select 1')).rejects.toThrow(/does not exist/)
  expect([...pids.values()].filter((pid) => processIdentity(pid) !== undefined)).toEqual([])
})

it('runs without the local chat when a real token is given', async () => {
  const { urls, pids } = await open({ botToken: '1:real', botApiRoot: 'http://127.0.0.1:1' })
  expect('telegram' in urls || pids.has('telegram')).toBe(false)
})

it('says that a service was not built', async () => {
  rmSync(join(stubs.folder, 'bot'), { recursive: true })
  await expect(open()).rejects.toThrow(/"bot" has no main module/)
})
