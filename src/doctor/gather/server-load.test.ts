import { expect, test } from 'vitest'
import { allowedCommands, hotKeysCommands, openInspection, parseInfo } from '../../inspect/index.ts'
import { contextOf } from './context.test-support.ts'
import { startScriptedServer } from './scripted-server.test-support.ts'
import { type KnownServer, ServerLoad } from './server-load.ts'

type Replies = Readonly<Record<string, readonly unknown[]>>

const redis86 = 'redis_version:8.6.1'
const cluster = 'redis_version:7.2.4\r\nvalkey_version:9.1.1\r\ncluster_enabled:1'
const began = [['tracking-active', 0, 'all-commands-all-slots-us', 50, 'by-cpu-time-us', ['a', 9]]]
const slots = (...rows: readonly (readonly [slot: number, us: number])[]): readonly unknown[] =>
  rows.map(([slot, us]) => [slot, ['key-count', 1, 'cpu-usec', us]])

/** What a server that gives these replies, one after another, is asked around the window. */
async function watched(
  server: string,
  replies: Replies,
  given: { readonly withHotKeys?: boolean; readonly setting?: string } = {},
) {
  const scripted = await startScriptedServer(replies)
  const inspection = await openInspection(scripted.url, {
    name: 'test',
    allowed: [...allowedCommands, ...hotKeysCommands],
  })
  const { withHotKeys = false, setting = 'yes' } = given
  const context = contextOf(inspection, { windowMs: 1_500, withHotKeys })
  const known: KnownServer = {
    info: parseInfo(server),
    config: { value: new Map([['cluster-slot-stats-enabled', setting]]) },
  }
  try {
    const load = await ServerLoad.begin(context, known)
    return { facts: await load.end(), sent: scripted.asked(/^(hotkeys|cluster)/) }
  } finally {
    await inspection.close()
    await scripted.close()
  }
}

test('a session of HOTKEYS lasts for the window, and nothing of it stays behind', async () => {
  const { facts, sent } = await watched(
    redis86,
    { 'hotkeys get': [null, began], 'hotkeys start': ['OK'], 'hotkeys stop': ['OK'] },
    { withHotKeys: true },
  )
  expect(sent).toEqual([
    'hotkeys get',
    'hotkeys start metrics 2 cpu net count 20 duration 2',
    'hotkeys stop',
    'hotkeys get',
    'hotkeys reset',
  ])
  expect(facts.hotKeys?.value?.keys).toMatchObject([{ name: 'a', cpuUs: 9 }])
})

test('a session of somebody else is read, and neither ended nor begun anew', async () => {
  const { facts, sent } = await watched(
    redis86,
    { 'hotkeys get': [began, began] },
    { withHotKeys: true },
  )
  expect(sent).toEqual(['hotkeys get', 'hotkeys get'])
  expect(facts.hotKeys?.value).toMatchObject({ cpuUs: 50 })
})

test.each([
  ['where nobody asked for it', redis86, false, /--hotkeys/],
  ['before Redis 8.6', 'redis_version:8.4.9', true, /8\.6/],
  ['of Valkey', cluster, true, /8\.6/],
])('no session is begun %s', async (_where, server, withHotKeys, reason) => {
  const { facts, sent } = await watched(server, {}, { withHotKeys, setting: 'no' })
  expect(sent).toEqual([])
  expect(facts.hotKeys).toMatchObject({ missing: expect.stringMatching(reason), isMoot: true })
})

test('a session that is refused, or reset meanwhile, is missing with the reason', async () => {
  const refused = { 'hotkeys get': [new Error("NOPERM can't run the 'hotkeys|get' command")] }
  const { facts, sent } = await watched(redis86, refused, { withHotKeys: true })
  expect(sent).toEqual(['hotkeys get'])
  expect(facts.hotKeys).toEqual({ missing: expect.stringMatching(/right/) })

  const reset = await watched(redis86, { 'hotkeys get': [began, null] }, { withHotKeys: true })
  expect(reset.facts.hotKeys).toEqual({ missing: expect.stringMatching(/reset/) })
})

test('of slots counts what they took within the window, and no counter that fell', async () => {
  const replies = {
    'cluster slot-stats': [slots([1, 10], [2, 50]), slots([1, 70], [2, 9], [3, 5])],
  }
  const { facts, sent } = await watched(cluster, replies)
  expect(sent[0]).toBe('cluster slot-stats orderby cpu-usec limit 100 desc')
  expect(facts.slotUse?.value).toEqual([
    { slot: 1, keys: 1, cpuUs: 60 },
    { slot: 3, keys: 1, cpuUs: 5 },
  ])
})

test('a slot that comes among the most only later has no beginning', async () => {
  const many = Array.from({ length: 100 }, (_, slot) => [slot, 10] as const)
  const replies = { 'cluster slot-stats': [slots(...many), slots([7, 11], [500, 90])] }
  const { facts } = await watched(cluster, replies)
  expect(facts.slotUse?.value).toEqual([{ slot: 7, keys: 1, cpuUs: 1 }])
})

test.each([
  ['no cluster', 'valkey_version:9.1.1', 'yes', /no cluster/],
  ['Redis', 'redis_version:8.6.1\r\ncluster_enabled:1', 'yes', /Valkey 8/],
  ['Valkey 7', 'valkey_version:7.2.11\r\ncluster_enabled:1', 'yes', /Valkey 8/],
  ['a server that does not count', cluster, 'no', /slot-stats-enabled is off/],
])('slots are not asked of %s', async (_what, server, setting, reason) => {
  const { facts, sent } = await watched(server, {}, { setting })
  expect(sent).toEqual([])
  expect(facts.slotUse).toMatchObject({ missing: expect.stringMatching(reason), isMoot: true })
})

test('slots that were refused are not asked again, and missing with the reason', async () => {
  const { facts, sent } = await watched(cluster, { 'cluster slot-stats': [new Error('ERR no')] })
  expect(sent).toHaveLength(1)
  expect(facts.slotUse).toEqual({ missing: expect.stringMatching(/ERR no/) })
})
