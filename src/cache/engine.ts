/**
 * The parts of one process's cache, put together once by `createCache`. The
 * orchestrators receive it whole; tiers are seen only through their contracts.
 */
import type { Flights, GroupClocks, Journal, Trust } from '../coherence/index.ts'
import type { Chance, Clock } from '../core/contracts/clock.ts'
import type { Memory } from '../core/contracts/memory.ts'
import type { Remote } from '../core/contracts/remote.ts'
import type { Store } from '../core/contracts/store.ts'
import type { Breaker } from '../resilience/index.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Tasks } from './tasks.ts'
import type { Watchers } from './watchers.ts'

/** Durations in milliseconds, resolved from the options. */
export interface Settings {
  readonly service: string
  readonly trustMs: number
  readonly budgetMs: number
  readonly leaseMs: number
  readonly loadTimeoutMs: number
  readonly registryMs: number
  /** False: no memory tier, no bus. */
  readonly hasMemory: boolean
}

/** One partition as this process knows it. */
export interface Partition {
  readonly index: number
  readonly trust: Trust
  readonly groups: GroupClocks
}

export interface Engine {
  readonly settings: Settings
  readonly clock: Clock
  readonly chance: Chance
  readonly remote: Remote
  readonly store: Store
  readonly memory: Memory
  readonly flights: Flights<KeyFlight>
  readonly journal: Journal
  readonly breaker: Breaker
  readonly partitions: readonly Partition[]
  readonly watchers: Watchers
  readonly tasks: Tasks
}

/** The partition of an index that the store itself has given out. */
export function partitionAt(engine: Engine, index: number): Partition {
  const partition = engine.partitions[index]
  if (partition === undefined) throw new RangeError(`no partition ${index}`)
  return partition
}
