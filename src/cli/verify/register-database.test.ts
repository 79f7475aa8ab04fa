/** What the database of the workload knows of writers that died. */
import { beforeEach, expect, it } from 'vitest'
import { hostMs } from '../../system.ts'
import type { HistoryRecord } from '../../testing/index.ts'
import { RegisterDatabase } from './register-database.ts'
import { quarantineMs } from './settings.ts'
import type { Change } from './worker-calls.ts'

const writer = 'process-0.1'
const key = 'item:1'

let history: HistoryRecord[]
let database: RegisterDatabase

beforeEach(() => {
  history = []
  database = new RegisterDatabase((record) => history.push(record))
})

async function commit(how: Change['how']): Promise<HistoryRecord> {
  const { commit: committed } = database.served()
  const change: Change = { id: 1, startedMs: hostMs(), how }
  await committed({ process: writer, key, change })
  const written = history.at(-1)
  if (written?.kind !== 'write') throw new Error('a commit is written down')
  return written
}

const quarantines = () => {
  database.writeQuarantines()
  return history.filter((record) => record.kind === 'invalidate')
}

it('counts a commit under quarantine from the deadline on, when its writer has died', async () => {
  const written = await commit('quarantined')
  database.writerDied(writer)
  const [quarantine] = quarantines()
  expect(quarantine).toMatchObject({ how: 'quarantine', key, invokedMs: written.invokedMs })
  const heldMs = (quarantine?.resolvedMs ?? 0) - written.returnedMs
  expect(heldMs).toBeGreaterThanOrEqual(quarantineMs)
  expect(database.uncertainKeys).toEqual(new Set([key]))
})

it('promises nothing where the quarantine may have been lost as well', async () => {
  const { returnedMs } = await commit('quarantined')
  database.writerDied(writer)
  database.slotsLost({ fromMs: returnedMs + 1, toMs: returnedMs + 2 })
  expect(quarantines()).toEqual([])
})

it.each(['bare', 'mutate'] as const)('promises nothing of a %s write', async (how) => {
  await commit(how)
  database.writerDied(writer)
  expect(quarantines()).toEqual([])
  expect(database.uncertainKeys).toEqual(new Set([key]))
})

it('leaves alone what was told before its writer died', async () => {
  await commit('quarantined')
  database.served().told({ process: writer, id: 1 })
  database.writerDied(writer)
  expect(quarantines()).toEqual([])
  expect(database.uncertainKeys).toEqual(new Set())
})

it('leaves alone what a writer that lives has not told yet', async () => {
  await commit('quarantined')
  expect(quarantines()).toEqual([])
  expect(database.uncertainKeys).toEqual(new Set())
})
