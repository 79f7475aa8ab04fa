/** Numbers and health of one process's cache; counters only rise. */
import type { MemoryStats } from './contracts/memory.ts'
import type { Outcome, StoreResult } from './outcome.ts'
import type { LimiterStats } from './rate-limit.ts'
import type { BreakerName } from './resilience-options.ts'

/** One family in this process. */
export interface FamilyStats {
  /** Reads by where the answer came from. */
  readonly reads: Readonly<Record<Outcome<unknown>['from'], number>>
  /** Reads with the priority `warm`, which are not among `reads`. */
  readonly warmed: number
  readonly loads: number
  readonly loadErrors: number
  /** What became of loaded values. */
  readonly stores: Readonly<Partial<Record<StoreResult, number>>>
  readonly sets: number
  readonly invalidations: number
}
/** Invalidations that were not executed, or not safely, when they were asked for. */
export interface DeliveryStats {
  /** That Redis could not be told about yet. */
  readonly pending: number
  /** How long the oldest of them has waited, in milliseconds. */
  readonly oldestAgeMs: number | undefined
  /** Delivered after the call that asked for it had been refused. */
  readonly late: number
  /** Said again to a server that may have lost them. */
  readonly replayed: number
  /** How often a full list became something wider: a family, or everything of a partition. */
  readonly overflows: number
  /** Lines in the journal on disk. */
  readonly spooled: number
  /** Calls whose invalidation too few replicas had in time, with `durability` configured. */
  readonly notReplicated: number
}
/** Calls of one family's source. */
export interface SourceStats {
  readonly running: number
  /** For their turn. */
  readonly waiting: number
}
/** `halfOpen`: a few calls are let through to see if it can be closed. */
export type BreakerState = 'closed' | 'open' | 'halfOpen'
/** A breaker: what it lets through, and how what it guards has answered. */
export interface BreakerStats {
  readonly state: BreakerState
  /** Of calls that were made. */
  readonly failures: number
  /** Calls that were not made. */
  readonly rejected: number
  /** Calls made to see if it can be closed. */
  readonly recoveryAttempts: number
  /** How often it has closed again. */
  readonly recoveries: number
  /** From opening to closing, on average. */
  readonly recoveryMeanMs: number | undefined
  /** Of calls that have ended, failed ones included. */
  readonly latency: { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number }
}
/** Writes by `mutate`. */
export interface MutationStats {
  /** Under way. */
  readonly running: number
  /** Keys that this process has in quarantine. */
  readonly quarantinedKeys: number
  /** That ran although not all of their keys could be quarantined. */
  readonly unprotected: number
}
/**
 * From the execution of an invalidation on the server until it was applied here; known to
 * half a round trip.
 */
export interface LagStats {
  readonly count: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}
/** How coherent this process is, as measured (docs/coherence.md). */
export interface CoherenceStats {
  /** Of all invalidations, own ones included. */
  readonly lag: LagStats
  /** By the service that asked; of those beyond the bound together, as `(others)`. */
  readonly lagByOrigin: Readonly<Record<string, LagStats>>
  /** Reads of a key within Δ after its invalidation: from Redis, or by a load. */
  readonly afterInvalidation: { readonly hits: number; readonly misses: number }
  /** Invalidations that this process asked for, and the processes that they were handed to. */
  readonly reach: { readonly calls: number; readonly processes: number }
  /** How often memory of a partition lost its proof, by reason. */
  readonly trustLost: Readonly<Record<string, number>>
  /** Reads that were compared with Redis afterwards, with `shadowReads` configured. */
  readonly shadowReads: number
  /** By family: those of them that had served, or would have, what was invalidated or replaced. */
  readonly staleReads: Readonly<Record<string, number>>
}
/** The way of this process to Redis. */
export interface RedisStats {
  readonly partitions: number
  /** Those that can be reached. */
  readonly connected: number
  /** Calls under way. */
  readonly pending: number
}
/** What a cache has counted. */
export interface CacheStats {
  readonly families: Readonly<Record<string, FamilyStats>>
  readonly memory: MemoryStats
  /** Loads under way. */
  readonly flights: number
  readonly delivery: DeliveryStats
  readonly mutations: MutationStats
  /** By name. */
  readonly limiters: Readonly<Record<string, LimiterStats>>
  readonly coherence: CoherenceStats
  readonly redis: RedisStats
  /** By family, where this process has a source. */
  readonly sources: Readonly<Record<string, SourceStats>>
  /** By name: `family:…`, `dependency:…`, and `redis:…` for each partition. */
  readonly breakers: Readonly<Record<BreakerName, BreakerStats>>
  /** How often everything that memory held of a partition became suspect. */
  readonly trustLosses: number
  /** How often an observer threw. */
  readonly observerErrors: number
}
/** What a cache can't do now. */
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
  /**
   * The key text, `tag:…`, `family:…`, a pattern, or '*' for everything of a partition. Where
   * too many are pending, the family of most of them stands for its keys, or '*' for all.
   */
  readonly key: string
  readonly reason: string
  /** Milliseconds since 1970 by this machine. */
  readonly sinceMs: number
}
