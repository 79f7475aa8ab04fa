/**
 * The JSON of the admin API, route by route: what the dashboard and the command read. Times
 * are milliseconds since 1970. Every answer has `schemaVersion: 1`; errors are problem details
 * (RFC 9457) with a `code`.
 */
import type { CacheStats, Health } from '../core/stats.ts'
import type { DoctorReport } from '../doctor/index.ts'
import type {
  DeclaredFamily,
  FamilyLatencies,
  Latency,
  LiveSourceFacts,
  PageUse,
  PoolFacts,
  PredictionFacts,
  PreloadFacts,
  ProcessFacts,
  UsedKey,
  WarmingFacts,
} from '../observe/index.ts'

interface Answer {
  readonly schemaVersion: 1
  readonly atMs: number
}

/** Of tokens: `administrator` may do what `operator` may, and so on. */
export type Role = 'viewer' | 'operator' | 'administrator'

/** GET /me */
export interface MeAnswer extends Answer {
  readonly user: string
  readonly role: Role
  readonly isReadOnly: boolean
  readonly environment: string
  readonly namespace: string
  readonly service: string
}

/** GET /health/cache: open to everyone. */
export interface HealthAnswer {
  readonly status: Health['state']
}

/** GET /stats: of this process, exactly what `cache.stats()` says, and F2 of the server. */
export interface StatsAnswer extends Answer {
  readonly service: string
  readonly process: string
  readonly health: Health
  readonly stats: CacheStats
  readonly server: ServerMemory | undefined
}

/** Memory of the server (SPEC F2); undefined: it did not say. */
export interface ServerMemory {
  readonly usedBytes: number | undefined
  readonly maxBytes: number | undefined
  readonly usedPercent: number | undefined
  readonly evictedKeys: number | undefined
  readonly keyspaceHits: number | undefined
  readonly keyspaceMisses: number | undefined
  readonly keys: number | undefined
  /** By family, counted in a bounded sample and extrapolated; `~` in front when shown. */
  readonly keysByFamily: Readonly<Record<string, number>> | undefined
  readonly isSampled: boolean
}

/** GET /overview: of all processes together. */
export interface OverviewAnswer extends Answer {
  readonly status: Health['state']
  readonly reasons: readonly string[]
  readonly services: number
  readonly processes: number
  readonly totals: FamilyTotals
  readonly rates: Rates
  readonly redisLatency: Latency
  readonly server: ServerFigures | undefined
  /** Those that are not closed. */
  readonly breakers: readonly BreakerFacts[]
  readonly findings: Readonly<Record<'crit' | 'warn' | 'info', number>> | undefined
  readonly lag: CacheStats['coherence']['lag']
  readonly staleReads: number
  readonly shadowReads: number
}

/** Sums of counters over processes. */
export interface FamilyTotals {
  readonly memory: number
  readonly redis: number
  readonly joined: number
  readonly stale: number
  readonly source: number
  readonly none: number
  readonly warmed: number
  readonly loads: number
  readonly loadErrors: number
  readonly sets: number
  readonly invalidations: number
  readonly entries: number
  readonly bytes: number
}

/** Per second, over the last minute; undefined: too early to say. */
export interface Rates {
  readonly reads: number | undefined
  readonly loads: number | undefined
  readonly loadsAvoided: number | undefined
  readonly invalidations: number | undefined
  /** From 0 to 1. */
  readonly hitRatio: number | undefined
}

export interface ServerFigures extends ServerMemory {
  readonly version: string
  readonly uptimeS: number
  readonly policy: string | undefined
  readonly clients: number | undefined
  readonly clientsMax: number | undefined
  readonly opsPerSecond: number | undefined
  readonly evictionsPerHour: number | undefined
}

/** GET /families */
export interface FamiliesAnswer extends Answer {
  readonly families: readonly FamilyRow[]
}

export interface FamilyRow {
  readonly name: string
  readonly declared: DeclaredFamily
  /** Versions that live processes declare; more than one: a deployment is under way. */
  readonly versions: readonly string[]
  readonly services: readonly string[]
  readonly totals: FamilyTotals
  readonly hitRatio: number | undefined
  readonly latencies: FamilyLatencies
  readonly staleReads: number
}

/** GET /families/{name} */
export interface FamilyAnswer extends Answer {
  readonly family: FamilyRow
  /** By `service/process`. */
  readonly processes: Readonly<Record<string, FamilyTotals>>
  readonly usedKeys: readonly UsedKey[]
  /** Why values were loaded, and what became of them, since the start. */
  readonly stores: Readonly<Record<string, number>>
}

/** GET /keys?pattern&cursor&limit */
export interface KeysAnswer extends Answer {
  readonly keys: readonly KeyRow[]
  /** To be sent for more; undefined: the end. */
  readonly cursor: string | undefined
  readonly scanned: number
  readonly isComplete: boolean
}

export interface KeyRow {
  readonly key: string
  readonly family: string | undefined
  /** Of the slot on the server; undefined: it never expires. */
  readonly ttlMs: number | undefined
  readonly bytes: number | undefined
  readonly kind: string
  readonly isInMemory: boolean
}

/** GET /entries/{key}?value=1: what `cache.explain` says; values only where asked and allowed. */
export interface EntryAnswer extends Answer {
  readonly key: string
  readonly family: string | undefined
  readonly explanation: unknown
  readonly value?: unknown
  /** Why there is none: 'not asked', 'sensitive', 'absent', 'too large'. */
  readonly valueWithheld?: string | undefined
}

/** POST /invalidate {keys?|pattern?|tags?|family?, reason, dryRun} */
export interface PlanAnswer extends Answer {
  /** To be sent back with `confirm`; good for a minute. */
  readonly planId: string
  readonly what: string
  /** Keys on the server that it concerns; a bound where `isEstimate`. */
  readonly count: number
  readonly isEstimate: boolean
  readonly sample: readonly string[]
  /** What has to be typed. */
  readonly confirm: string
}

export interface DoneAnswer extends Answer {
  readonly what: string
  readonly reached: number
  readonly pending: number
  readonly ms: number
}

/** GET /invalidations, and `invalidation` in the stream. */
export interface InvalidationRow {
  /** Rises by one with each that this process has seen. */
  readonly seq: number
  readonly atMs: number
  readonly origin: string
  readonly via: 'call' | 'retry' | 'replay' | 'message'
  readonly scope: 'key' | 'group' | 'family' | 'pattern' | 'all' | 'set'
  readonly keys: readonly string[]
  readonly tags: readonly string[]
  readonly keyCount: number
  readonly reason: string
  readonly subject: string | undefined
  readonly reached: number | undefined
  readonly pending: number
  readonly ms: number
}

export interface InvalidationsAnswer extends Answer {
  readonly invalidations: readonly InvalidationRow[]
  /** Seen since the start of this process. */
  readonly seen: number
}

/** GET /services */
export interface ServicesAnswer extends Answer {
  readonly processes: readonly ProcessRow[]
  /** Families that live processes declare differently. */
  readonly differences: readonly FamilyDifference[]
}

export interface ProcessRow {
  readonly facts: Omit<ProcessFacts, 'usedKeys'>
  /** Since it was last heard of. */
  readonly ageMs: number
}

export interface FamilyDifference {
  readonly family: string
  readonly field: keyof DeclaredFamily
  /** By service. */
  readonly values: Readonly<Record<string, string>>
}

/** GET /resilience */
export interface ResilienceAnswer extends Answer {
  readonly breakers: readonly BreakerFacts[]
  readonly liveData: readonly {
    readonly service: string
    readonly name: string
    readonly sources: readonly LiveSourceFacts[]
  }[]
  readonly limiters: readonly {
    readonly service: string
    readonly name: string
    readonly granted: number
    readonly refused: number
  }[]
  readonly pools: readonly { readonly service: string; readonly pool: PoolFacts }[]
}

export interface BreakerFacts {
  readonly service: string
  readonly process: string
  readonly name: string
  readonly state: 'closed' | 'open' | 'halfOpen'
  readonly failures: number
  readonly rejected: number
  readonly p99Ms: number
}

/** GET /warming */
export interface WarmingAnswer extends Answer {
  readonly processes: readonly {
    readonly service: string
    readonly process: string
    readonly warming: WarmingFacts | undefined
    readonly preloading: PreloadFacts | undefined
    readonly prediction: PredictionFacts | undefined
  }[]
}

/** GET /redis */
export interface RedisAnswer extends Answer {
  readonly server: ServerFigures | undefined
  /** Fields of INFO by section. */
  readonly info: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly commands: readonly {
    readonly name: string
    readonly calls: number
    readonly usPerCall: number
  }[]
  readonly slow: readonly {
    readonly id: number
    readonly atMs: number
    readonly us: number
    readonly command: string
    readonly client: string
  }[]
  readonly clients: readonly {
    readonly name: string
    readonly count: number
    readonly bytes: number
  }[]
  /** What the server refused to tell. */
  readonly withheld: readonly string[]
}

/** GET /doctor, POST /doctor/run */
export interface DoctorAnswer extends Answer {
  readonly report: DoctorReport | undefined
  readonly isRunning: boolean
}

/** GET /audit */
export interface AuditAnswer extends Answer {
  readonly entries: readonly AuditRow[]
}

export interface AuditRow {
  readonly atMs: number
  readonly user: string
  readonly role: Role
  readonly action: string
  readonly target: string
  readonly dryRun: boolean
  readonly count: number | undefined
  readonly result: 'done' | 'refused' | 'failed'
  readonly service: string
}

/** GET /usage: SPEC F6 and F7. */
export interface UsageAnswer extends Answer {
  readonly keys: readonly (UsedKey & { readonly service: string })[]
  readonly families: readonly {
    readonly family: string
    readonly service: string
    readonly reads: number
  }[]
  readonly pages: readonly (PageUse & { readonly service: string })[]
  readonly recommendations: readonly Recommendation[]
}

export interface Recommendation {
  readonly subject: 'l1' | 'redisMemory' | 'replicas'
  readonly service: string | undefined
  readonly now: number
  readonly advised: number
  readonly unit: 'bytes' | 'instances'
  readonly why: string
  /** What it follows from: hit ratio by size, or use by time. */
  readonly curve: readonly { readonly x: number; readonly y: number }[]
}

/** GET /series?range=15m|1h|6h|24h: oldest first; null: nobody counted then. */
export interface SeriesAnswer extends Answer {
  readonly stepMs: number
  readonly timesMs: readonly number[]
  readonly series: Readonly<Record<SeriesName, readonly (number | null)[]>>
  /** Hit ratio of each family. */
  readonly families: Readonly<Record<string, readonly (number | null)[]>>
}

export type SeriesName =
  | 'memoryHits'
  | 'redisHits'
  | 'loads'
  | 'invalidations'
  | 'redisP95Ms'
  | 'usedBytes'
  | 'maxBytes'
  | 'evictions'
  | 'clients'
  | 'opsPerSecond'
  | 'lagP99Ms'
  | 'staleReads'

/**
 * GET /stream: server-sent events. `id` rises by one with every event that this stream was to
 * have; a viewer that is too slow is told how many it missed by `dropped`.
 */
export type StreamEvent =
  | { readonly type: 'hello'; readonly seq: number; readonly atMs: number }
  | { readonly type: 'overview'; readonly overview: OverviewAnswer }
  | { readonly type: 'invalidation'; readonly invalidation: InvalidationRow }
  | {
      readonly type: 'state'
      readonly atMs: number
      readonly kind: 'trust' | 'link' | 'breaker' | 'incarnation'
      readonly text: string
    }
  | { readonly type: 'dropped'; readonly count: number }

/** RFC 9457, with `code`. */
export interface Problem {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
}
