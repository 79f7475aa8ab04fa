/**
 * What each process publishes about itself, in Redis, so that any of them, a command or
 * `doctor` can see all: `{namespace:0}:o:p:<process>`, JSON, renewed every few seconds and gone
 * soon after the process is. Its index is a sorted set by the time of expiry,
 * `{namespace:0}:o:index`.
 */
import type { DeclaredFamily } from '../core/about.ts'
import type { CacheStats, Health } from '../core/stats.ts'
import type { BreadthCounts } from './invalidations/breadth-meter.ts'
import type { ReloadCounts } from './invalidations/reload-meter.ts'
import type { UsedKey } from './used-key.ts'

/**
 * Raised when a field changes its meaning; readers skip facts of another one, and say so. A new
 * field is optional: while versions change, processes of both are seen.
 */
export const factsVersion = 1

export type { DeclaredFamily } from '../core/about.ts'

export interface ProcessFacts {
  readonly schemaVersion: typeof factsVersion
  /** Unique to one run of one process. */
  readonly process: string
  readonly service: string
  readonly pid: number
  readonly host: string
  /** Of staleproof. */
  readonly version: string
  readonly runtime: string
  /** Milliseconds since 1970, by the machine of the process. */
  readonly startedMs: number
  readonly atMs: number
  readonly catalog: string
  /** Of one core, over about the last minute: 1 is a whole one. Undefined: too early to say. */
  readonly processorShare?: number | undefined
  readonly health: Health
  readonly stats: CacheStats
  /** By name: what it declares, so that processes can be compared. */
  readonly families: Readonly<Record<string, DeclaredFamily>>
  /** By family: how long reads and loads took since the start. */
  readonly latencies: Readonly<Record<string, FamilyLatencies>>
  /** Calls to Redis since the start, all together. */
  readonly redisLatency: Latency
  /** The keys read most, at most 50 in all. */
  readonly usedKeys: readonly UsedKey[]
  /**
   * Of the invalidations that it has asked for, and what came of all since the start. Undefined:
   * a version that does not count them.
   */
  readonly breadth?: (BreadthCounts & ReloadCounts) | undefined
  /** What else the service tells: see `ReporterParts`. */
  readonly parts: ReporterParts
  /** What was left out because all of it would have been too long. */
  readonly dropped: readonly string[]
}

export interface Latency {
  readonly count: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

export interface FamilyLatencies {
  /** Reads that left memory. */
  readonly get: Latency
  readonly load: Latency
}

/** Reports of what a service runs beside its cache; each is absent where it runs none. */
export interface ReporterParts {
  readonly warming?: WarmingFacts | undefined
  readonly preloading?: PreloadFacts | undefined
  readonly prediction?: PredictionFacts | undefined
  /** Live data, by name. */
  readonly liveData?: Readonly<Record<string, readonly LiveSourceFacts[]>> | undefined
  readonly database?: PoolFacts | undefined
  readonly pages?: readonly PageUse[] | undefined
}

/** A part of `WarmingReport` of `staleproof/warm`. */
export interface WarmingFacts {
  readonly name: string
  readonly standing: string
  readonly loads: number
  readonly running: number
  readonly waiting: number
  readonly tasks: readonly TaskFacts[]
}

export interface TaskFacts {
  readonly name: string
  readonly critical: boolean
  readonly everyMs: number
  readonly executions: number
  readonly successes: number
  readonly failures: number
  readonly isRunning: boolean
  readonly lastRunMs: number | undefined
  readonly lastSuccessMs: number | undefined
  readonly lastDurationMs: number | undefined
  readonly lastError: string | undefined
}

export interface PreloadFacts {
  readonly activeGroups: number
  readonly dropped: number
  /** By family: keys loaded ahead, and those of them that were read. */
  readonly families: Readonly<Record<string, { readonly loaded: number; readonly used: number }>>
}

export interface PredictionFacts {
  readonly state: string
  readonly precision: number | undefined
  readonly preloads: number
  readonly used: number
  readonly wasted: number
}

export interface LiveSourceFacts {
  readonly name: string
  readonly kind: string
  readonly state: string
  readonly isActive: boolean
  readonly lastSuccessAgeMs: number | undefined
  readonly lastError: string | undefined
  readonly received: number
  readonly failures: number
  readonly activations: number
  readonly p99Ms: number
}

/** A pool of connections to a database. */
export interface PoolFacts {
  readonly max: number
  readonly used: number
  readonly idle: number
  readonly waiting: number
  /** Since the start. */
  readonly queries: number
  readonly waits: number
  readonly queryP95Ms: number
  readonly waitP95Ms: number
}

/** How often a page of the service was asked for since the start. */
export interface PageUse {
  readonly page: string
  readonly requests: number
  readonly errors: number
  readonly p95Ms: number
}
