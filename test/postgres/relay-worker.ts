/**
 * A relay in a process of its own. Told to stick, its invalidations resolve and the process is
 * held before it can remove the rows; then the test kills it.
 */
import { type RelayStatus, startRelay } from 'staleproof/postgres'
import { serveCalls } from '../servers/worker.ts'
import { tables } from './catalog.ts'
import { Recorder } from './recorder.ts'

export interface RelayInit {
  readonly connection: string
}

export type RelayCalls = {
  status(): RelayStatus['state']
  said(): readonly string[]
  /** Everything that is said from now on is said, and never resolves. */
  stick(): void
}

serveCalls(async ({ connection }: RelayInit): Promise<RelayCalls> => {
  const cache = new Recorder()
  const relay = await startRelay(cache, tables, { connection })
  return {
    status: () => relay.status().state,
    said: () => cache.said,
    stick: () => {
      cache.isSticking = true
    },
  }
})
