import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventually, TestRedis } from './redis-server.test-support.ts'
import { TestRemote } from './remote.test-support.ts'

const SENTINEL_PORT = 24_062
const primary = new TestRedis(24_060)
const replica = new TestRedis(
  24_061,
  '--replicaof',
  '127.0.0.1',
  '24060',
  '--repl-diskless-sync-delay',
  '0',
)
let folder: string
let sentinel: TestRedis

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'staleproof-sentinel-'))
  const file = join(folder, 'sentinel.conf')
  const lines = [
    'sentinel monitor main 127.0.0.1 24060 1',
    'sentinel down-after-milliseconds main 200',
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  sentinel = new TestRedis(SENTINEL_PORT)
  await Promise.all([primary.start(), replica.start()])
  await sentinel.start(file)
})

afterEach(async () => {
  await TestRemote.closeAll()
  await Promise.all([primary.stop(), replica.stop(), sentinel.stop()])
  rmSync(folder, { recursive: true })
})

test('both connections follow the primary that the Sentinels name', {
  timeout: 40_000,
}, async () => {
  const sentinels = [{ host: '127.0.0.1', port: SENTINEL_PORT }]
  const { told, outcome } = await TestRemote.open({ redis: { sentinels, name: 'main' } })
  expect(told.lines).toEqual(['up', 'subscribed 0', 'subscribed 1'])
  await eventually('the Sentinel knows the replica', async () =>
    String(await sentinel.ask('SENTINEL', 'replicas', 'main')).includes('master-link-status,ok'),
  )
  await eventually('the replica is in step', async () =>
    String(await primary.ask('INFO', 'replication')).includes('state=online'),
  )
  await primary.stop()
  const t0 = Date.now(); const iv = setInterval(() => { console.log(Date.now() - t0, told.lines.length, told.downs, told.unsubscriptions); void sentinel.ask('SENTINEL','get-master-addr-by-name','main').then(console.log) }, 2000)
  await eventually('up and subscribed at the other', () => told.subscriptions.length >= 4)
  expect(told.ups.at(-1)?.runId).not.toBe(told.ups[0]?.runId)
  expect(told.subscriptions.at(-1)?.stamp).toBe(told.ups.at(-1)?.stamp)
  expect(await outcome('SET', 'a', 1)).toBe('OK')
})
