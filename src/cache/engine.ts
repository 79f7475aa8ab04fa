/**
 * The parts of one process's cache, put together once by `createCache`. The
 * orchestrators receive it whole; tiers are seen only through their contracts.
 */
import type {
  Flights,
  GroupClocks,
  Journal,
  Registry,
  ReplayRing,
  ServerTime,
  Trust,
} from '../coherence/index.ts'
import type { Chance, Clock } from '../core/contracts/clock.ts'
import type { Memory } from '../core/contracts/memory.ts'
import type { Remote } from '../core/contracts/remote.ts'
import type { Store } from '../core/contracts/store.ts'
import type { Breaker } from '../resilience/index.ts'
import type { CoherenceMeter } from './coherence-meter.ts'
import type { DeliveryCounters } from './counters.ts'
import type { KeyFlight } from './flight-of.ts'
import type { RedisMeter } from './redis-meter.ts'
import type { Tasks } from './tasks.ts'
import type { Watchers } from './watchers.ts'

/** Durations in milliseconds, resolved from the options. */
export interface Settings {
  readonly service: string
  /** Names this process in the barrier registry, and its private channel. */
  readonly process: string
  readonly trustMs: number
  readonly budgetMs: number
  readonly leaseMs: number
  readonly loadTimeoutMs: number
  /** How long invalidations wait to be said together; 0: until the end of the tick. */
  readonly coalesceMs: number
  /** How long it stays registered without a beat; 0: it holds nothing that others wait for. */
  readonly registryMs: number
  /** False: no memory tier, no bus. */
  readonly hasMemory: boolean
}

/** One partition as this process knows it. */
export interface Partition {
  readonly index: number
  readonly trust: Trust
  readonly groups: GroupClocks
  readonly registry: Registry
  readonly serverTime: ServerTime
  /** What has been acknowledged lately. */
  readonly ring: ReplayRing
  /** Each its own: in a cluster a node that hangs leaves the way to the others open. */
  readonly breaker: Breaker
}

export interface Engine {
  readonly settings: Settings
  readonly clock: Clock
  readonly chance: Chance
  readonly remote: Remote
  readonly store: Store
  readonly memory: Memory
  readonly flights: Flights<KeyFlight>
  /** What could not be executed yet. */
  readonly journal: Journal
  /** What was executed once and waits for its turn to be said again. */
  readonly replays: Journal
  readonly delivery: DeliveryCounters
  readonly meter: CoherenceMeter
  readonly redis: RedisMeter
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

/** For a partition whose record of groups must be made anew. */
export function newEpoch({ chance }: Engine): string {
  return chance.token().slice(0, 8)
}

/** Some invalidation is still to be delivered by this process. */
export function hasPending({ journal, replays }: Engine): boolean {
  return !(journal.isEmpty && replays.isEmpty)
}

/**
 * True: what the second tier has for the key may be older than an invalidation that this
 * process still has to deliver. It is neither served nor replaced.
 */
export function isPending(
  engine: Engine,
  { partition, key }: Pick<KeyFlight, 'partition' | 'key'>,
  tags: readonly string[],
): boolean {
  if (!hasPending(engine)) return false
  const { journal, replays } = engine
  return journal.isPending(partition, key, tags) || replays.isPending(partition, key, tags)
}
