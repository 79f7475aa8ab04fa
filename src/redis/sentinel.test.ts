import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { LOST_TAIL_MS } from './handshake.ts'
import { eventually, TestRedis, testWithRedis as test } from './redis-server.test-support.ts'
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
vi.setConfig({ testTimeout: 40_000 })
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

/** Opened at the first primary, with a replica that the Sentinel would promote. */
async function openWithReplica(): Promise<TestRemote> {
  const sentinels = [{ host: '127.0.0.1', port: SENTINEL_PORT }]
  const opened = await TestRemote.open({ redis: { sentinels, name: 'main' } })
  await eventually('the Sentinel knows a replica in step', async () =>
    String(await sentinel.ask('SENTINEL', 'replicas', 'main')).includes('master-link-status,ok'),
  )
  await eventually('the replica is in step', async () =>
    String(await primary.ask('INFO', 'replication')).includes('state=online'),
  )
  return opened
}

async function expectMoved({ told, outcome }: TestRemote): Promise<void> {
  await eventually('up and subscribed at the other', () => told.subscriptions.length >= 4)
  expect(told.ups.at(-1)?.runId).not.toBe(told.ups[0]?.runId)
  expect(told.subscriptions.at(-1)?.stamp).toBe(told.ups.at(-1)?.stamp)
  expect(await outcome('SET', 'a', 1)).toBe('OK')
}

test('both connections follow when the primary dies', async () => {
  const opened = await openWithReplica()
  expect(opened.told.ups[0]?.lostTailMs).toBe(LOST_TAIL_MS)
  await primary.stop()
  await expectMoved(opened)
})

test('both leave a primary that lives on when the Sentinels name another', async () => {
  const opened = await openWithReplica()
  await sentinel.ask('SENTINEL', 'FAILOVER', 'main')
  await expectMoved(opened)
  await opened.remote.close()
  await eventually('no listener is left at the Sentinel', async () => {
    const list = String(await sentinel.ask('CLIENT', 'LIST', 'TYPE', 'pubsub'))
    return list.trim() === ''
  })
})
