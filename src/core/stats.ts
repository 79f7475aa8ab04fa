/** Numbers and health of one process's cache; counters only rise. */
import type { MemoryStats } from './contracts/memory.ts'
import type { Outcome, StoreResult } from './outcome.ts'

export interface FamilyStats {
  /** Reads by where the answer came from. */
  readonly reads: Readonly<Record<Outcome<unknown>['from'], number>>
  readonly loads: number
  readonly loadErrors: number
  /** What became of loaded values. */
  readonly stores: Readonly<Partial<Record<StoreResult, number>>>
  readonly sets: number
  readonly invalidations: number
}
export interface CacheStats {
  readonly families: Readonly<Record<string, FamilyStats>>
  readonly memory: MemoryStats
  /** Loads under way. */
  readonly flights: number
  readonly pendingInvalidations: number
  readonly trustLosses: number
  readonly observerErrors: number
}
export interface Health {
  /**
   * `degraded`: memory is not trusted, or invalidations are pending, of which other processes
   * do not know yet. `down-to-source`: every read is a load.
   */
  readonly state: 'ok' | 'degraded' | 'down-to-source'
  readonly reasons: readonly string[]
  /** Milliseconds since 1970 by this machine. */
  readonly sinceMs: number
}
/** One invalidation that Redis has not been told about yet. */
export interface PendingInvalidation {
  /** The key text, or '*' when the list overflowed and the whole partition is to be invalidated. */
  readonly key: string
  readonly reason: string
  /** Milliseconds since 1970 by this machine. */
  readonly sinceMs: number
}
