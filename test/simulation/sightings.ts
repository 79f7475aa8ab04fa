/**
 * Whether runs have seen what they are meant to see. A hundred seeds in which nothing was
 * doomed say nothing about dooming, so they count as a failure.
 */
import { addTally, emptyTally, type FaultKind, type Tallied } from 'staleproof/testing'
import type { JobReport } from './job.ts'

export const seedsPerSighting = 100

/** Seen whatever the fault, because clients alone bring it about. */
const always: readonly Tallied[] = ['memoryHits', 'dooms', 'refusedStores', 'revalidations']

/** What else runs of one kind alone must see. */
const ofKind: Readonly<Record<FaultKind, readonly Tallied[]>> = {
  none: [],
  messages: ['trustLosses'],
  connections: ['trustLosses', 'pending', 'retries'],
  partition: ['trustLosses', 'pending', 'retries'],
  pause: ['trustLosses'],
  crash: [],
  eviction: [],
  restart: ['trustLosses', 'incarnations', 'retries'],
  failover: ['trustLosses', 'incarnations', 'replays'],
  split: ['trustLosses', 'incarnations', 'replays'],
  demotion: ['trustLosses', 'incarnations', 'replays'],
  clocks: ['trustLosses'],
  memory: ['trustLosses'],
  everything: ['trustLosses', 'incarnations', 'replays', 'retries'],
}

interface Block {
  readonly kind: FaultKind
  readonly hundred: number
  readonly sums: Record<Tallied, number>
  seeds: number
}

export class Sightings {
  readonly #blocks = new Map<string, Block>()

  add({ job, tally }: JobReport): void {
    const { kind, seed } = job
    const hundred = Math.floor(seed / seedsPerSighting)
    const name = `${kind} ${hundred}`
    const block = this.#blocks.get(name) ?? { kind, hundred, sums: emptyTally(), seeds: 0 }
    this.#blocks.set(name, block)
    block.seeds++
    addTally(block.sums, tally)
  }

  /** What was not seen, in hundreds of seeds of one kind that have all been run. */
  blind(): readonly string[] {
    const blind: string[] = []
    for (const { kind, hundred, sums, seeds } of this.#blocks.values()) {
      if (seeds !== seedsPerSighting) continue
      const missing = [...always, ...ofKind[kind]].filter((name) => sums[name] === 0)
      if (missing.length === 0) continue
      const from = hundred * seedsPerSighting
      blind.push(`${kind}, seeds from ${from} on: no ${missing.join(', ')}`)
    }
    return blind
  }
}
