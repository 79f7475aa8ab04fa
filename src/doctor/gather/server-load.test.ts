import { expect, test } from 'vitest'
import { allowedCommands, hotKeysCommands, openInspection, parseInfo } from '../../inspect/index.ts'
import { contextOf } from './context.test-support.ts'
import { startScriptedServer } from './scripted-server.test-support.ts'
import { type KnownServer, whileCounting } from './server-load.ts'

type Replies = Readonly<Record<string, readonly unknown[]>>

const redis86 = 'redis_version:8.6.1'
const cluster = 'redis_version:7.2.4\r\nvalkey_version:9.1.1\r\ncluster_enabled:1'
const counts = ['all-commands-all-slots-us', 50, 'by-cpu-time-us', ['a', 9]]
const running = [['tracking-active', 1, ...counts]]
const ended = [['tracking-active', 0, ...counts]]
const forKeys = { withHotKeys: true }
const slots = (...rows: readonly (readonly [slot: number, us: number])[]): readonly unknown[] =>
  rows.map(([slot, us]) => [slot, ['key-count', 1, 'cpu-usec', us]])

/** What a server that gives these replies, one after another, is asked around the window. */
async function watched(
  server: string,
  replies: Replies,
  given: {
    readonly withHotKeys?: boolean
    readonly setting?: string
    /** What happens within the window. */
    readonly watch?: () => Promise<void>
  } = {},
) {
  const scripted = await startScriptedServer(replies)
  const inspection = await openInspection(scripted.url, {
    name: 'test',
    allowed: [...allowedCommands, ...hotKeysCommands],
  })
  const { withHotKeys = false, setting = 'yes', watch = async () => {} } = given
  const context = contextOf(inspection, { windowMs: 1_500, withHotKeys })
  const known: KnownServer = {
    info: parseInfo(server),
    config: { value: new Map([['cluster-slot-stats-enabled', setting]]) },
  }
  try {
    const facts = await whileCounting(context, known, watch).catch((error: unknown) => ({ error }))
    return { facts, sent: scripted.asked(/^(hotkeys|cluster)/) }
  } finally {
    await inspection.close()
    await scripted.close()
  }
}

const ownSession = [
  'hotkeys get',
  'hotkeys start metrics 2 cpu net count 20 duration 32',
  'hotkeys stop',
  'hotkeys get',
  'hotkeys reset',
]

test('a session of HOTKEYS outlasts the window, and nothing of it stays behind', async () => {
  const { facts, sent } = await watched(redis86, { 'hotkeys get': [null, ended] }, forKeys)
  expect(sent).toEqual(ownSession)
  expect(facts).toMatchObject({
    hotKeys: { value: { cpuUs: 50, keys: [{ name: 'a', cpuUs: 9 }] } },
  })
})

test('a session that has ended by itself is read, and taken away', async () => {
  const over = [new Error('ERR tracking is not active')]
  const replies = { 'hotkeys get': [null, ended], 'hotkeys stop': over }
  const { facts, sent } = await watched(redis86, replies, forKeys)
  expect(sent).toEqual(ownSession)
  expect(facts).toMatchObject({ hotKeys: { value: { cpuUs: 50 } } })
})

test('a session whose results are refused is taken away', async () => {
  const replies = { 'hotkeys get': [null, new Error('ERR no')] }
  const { facts, sent } = await watched(redis86, replies, forKeys)
  expect(sent).toEqual(ownSession)
  expect(facts).toMatchObject({ hotKeys: { missing: expect.stringMatching(/ERR no/) } })
})

test('a session is taken away although the window has failed', async () => {
  const failure = new Error('INFO was refused')
  const watch = () => Promise.reject(failure)
  const replies = { 'hotkeys get': [null, ended] }
  const { facts, sent } = await watched(redis86, replies, { ...forKeys, watch })
  expect(sent).toEqual(ownSession)
  expect(facts).toEqual({ error: failure })
})

test('a session that could not be taken away is said to be there', async () => {
  const replies = { 'hotkeys get': [null, ended], 'hotkeys reset': [new Error('ERR active')] }
  const { facts } = await watched(redis86, replies, forKeys)
  expect(facts).toMatchObject({ hotKeys: { missing: expect.stringMatching(/ERR active/) } })
})

test('a session of somebody else is read, and neither ended nor begun anew', async () => {
  const { facts, sent } = await watched(redis86, { 'hotkeys get': [running, running] }, forKeys)
  expect(sent).toEqual(['hotkeys get', 'hotkeys get'])
  expect(facts).toMatchObject({ hotKeys: { value: { cpuUs: 50 } } })
})

test('results of an earlier session are neither judged nor dropped', async () => {
  const { facts, sent } = await watched(redis86, { 'hotkeys get': [ended, ended] }, forKeys)
  expect(sent).toEqual(['hotkeys get'])
  const missing = expect.stringMatching(/earlier session.*HOTKEYS RESET/)
  expect(facts).toMatchObject({ hotKeys: { missing } })
})

test.each([
  ['where nobody asked for it', redis86, false, /--hotkeys/],
  ['before Redis 8.6', 'redis_version:8.4.9', true, /8\.6/],
  ['of Valkey', cluster, true, /8\.6/],
])('no session is begun %s', async (_where, server, withHotKeys, reason) => {
  const { facts, sent } = await watched(server, {}, { withHotKeys, setting: 'no' })
  expect(sent).toEqual([])
  const hotKeys = { missing: expect.stringMatching(reason), isMoot: true }
  expect(facts).toMatchObject({ hotKeys })
})

test('a session that is refused, or reset meanwhile, is missing with the reason', async () => {
  const refused = { 'hotkeys get': [new Error("NOPERM can't run the 'hotkeys|get' command")] }
  const { facts, sent } = await watched(redis86, refused, forKeys)
  expect(sent).toEqual(['hotkeys get'])
  expect(facts).toMatchObject({ hotKeys: { missing: expect.stringMatching(/right/) } })

  const reset = await watched(redis86, { 'hotkeys get': [running, null] }, forKeys)
  expect(reset.facts).toMatchObject({ hotKeys: { missing: expect.stringMatching(/reset/) } })
})

test('of slots counts what they took within the window, and no counter that fell', async () => {
  const replies = {
    'cluster slot-stats': [slots([1, 10], [2, 50]), slots([1, 70], [2, 9], [3, 5])],
  }
  const { facts, sent } = await watched(cluster, replies)
  expect(sent[0]).toBe('cluster slot-stats orderby cpu-usec limit 100 desc')
  const value = [
    { slot: 1, keys: 1, cpuUs: 60 },
    { slot: 3, keys: 1, cpuUs: 5 },
  ]
  expect(facts).toMatchObject({ slotUse: { value } })
})

test('of a slot that comes among the most only later counts what it took at least', async () => {
  const many = Array.from({ length: 100 }, (_, slot) => [slot, 110 - slot] as const)
  const replies = { 'cluster slot-stats': [slots(...many), slots([500, 90], [7, 104], [501, 11])] }
  const { facts } = await watched(cluster, replies)
  const value = [
    { slot: 500, keys: 1, cpuUs: 79 },
    { slot: 7, keys: 1, cpuUs: 1 },
  ]
  expect(facts).toMatchObject({ slotUse: { value } })
})

test.each([
  ['no cluster', 'valkey_version:9.1.1', 'yes', /no cluster/],
  ['Redis', 'redis_version:8.6.1\r\ncluster_enabled:1', 'yes', /Valkey 8/],
  ['Valkey 7', 'valkey_version:7.2.11\r\ncluster_enabled:1', 'yes', /Valkey 8/],
  ['a server that does not count', cluster, 'no', /slot-stats-enabled is off/],
])('slots are not asked of %s', async (_what, server, setting, reason) => {
  const { facts, sent } = await watched(server, {}, { setting })
  expect(sent).toEqual([])
  const slotUse = { missing: expect.stringMatching(reason), isMoot: true }
  expect(facts).toMatchObject({ slotUse })
})

test('slots that were refused are not asked again, and missing with the reason', async () => {
  const { facts, sent } = await watched(cluster, { 'cluster slot-stats': [new Error('ERR no')] })
  expect(sent).toHaveLength(1)
  expect(facts).toMatchObject({ slotUse: { missing: expect.stringMatching(/ERR no/) } })
})
