/** CLUSTER SLOT-STATS as Valkey 9 answers it: its order, its rows without use, its settings. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashSlotOf } from '../../core/partition-tag.ts'
import { allowedCommands, openInspection, parseInfo } from '../../inspect/index.ts'
import { runDoctor } from '../run-doctor.ts'
import { startValkeyCluster, type ValkeyCluster } from '../valkey-cluster.test-support.ts'
import { contextOf } from './context.test-support.ts'
import { nodesToSample } from './nodes.ts'
import { whileCounting } from './server-load.ts'

const key = 'user:7'
const reads = 200

let valkey: ValkeyCluster
beforeAll(async () => {
  valkey = await startValkeyCluster()
  await valkey.client.set(key, 'v', 'EX', 100)
})
afterAll(() => valkey?.stop())

async function looking() {
  const inspection = await openInspection(valkey.url, { name: 'test', allowed: allowedCommands })
  const info = parseInfo(String(await inspection.call('info', 'everything')))
  return { context: contextOf(inspection), info, close: () => inspection.close() }
}

test('a slot that only the window makes busy is counted, whichever were listed', async () => {
  const { context, info, close } = await looking()
  const other = 'order:12'

  const server = { info, config: { value: new Map() } }
  const { slotUse } = await whileCounting(context, server, async () => {
    for (let at = 0; at < reads; at++) await valkey.client.get(other)
  })

  const use = { slot: hashSlotOf(other), keys: 0, cpuUs: expect.any(Number) }
  expect(slotUse?.value).toEqual([use])
  await close()
})

test('a node that was never told its address is reached as it was named', async () => {
  const { context, info, close } = await looking()
  const nodes = await nodesToSample(context, info)
  expect(nodes).toEqual([{ inspection: context.inspection, from: 'primary' }])
  expect(nodes[0]?.inspection).toBe(context.inspection)
  await close()
})

test('the doctor asks around its window, and examines every key', async () => {
  const report = await runDoctor({ redis: valkey.url, window: '100ms' })
  expect(report).toMatchObject({ keysSampled: 1, keysTotal: 1 })
  expect(report.commands).toMatchObject({ 'cluster|slot-stats': 2 })
  // As WebAssembly a server has no clock of its processor.
  const heat = report.findings.find(({ id }) => id === 'KEY05')
  expect(heat).toMatchObject({ status: 'unknown', reason: expect.stringMatching(/main_thread/) })
})

test('a server that was told not to count is not asked', async () => {
  await valkey.client.config('SET', 'cluster-slot-stats-enabled', 'no')
  const report = await runDoctor({ redis: valkey.url, window: '100ms' })
  expect(Object.keys(report.commands)).not.toContain('cluster|slot-stats')
})
