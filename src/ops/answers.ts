/**
 * The JSON of the admin API, route by route: what the dashboard and the command read. Times
 * are milliseconds since 1970. Every answer has `schemaVersion: 1`; errors are problem details
 * (RFC 9457) with a `code`.
 */
import type { CacheStats, Health } from '../core/stats.ts'
import type { DoctorReport } from '../doctor/index.ts'
import type {
  BreakerFacts,
  DeclaredFamily,
  FamilyRow,
  FamilyTotals,
  HistorySeries,
  InvalidationRow,
  Latency,
  LiveSourceFacts,
  PageUse,
  PoolFacts,
  PredictionFacts,
  PreloadFacts,
  ProcessFacts,
  Recommendation,
  UsedKey,
  WarmingFacts,
} from '../observe/index.ts'
import type { Answer, ServerFigures, ServerMemory } from './server-answers.ts'

export type {
  NodeFigures,
  NodeMemory,
  RedisAnswer,
  ServerFigures,
  ServerMemory,
} from './server-answers.ts'

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

/** Per second, over the last minute; undefined: too early to say. */
export interface Rates {
  readonly reads: number | undefined
  readonly loads: number | undefined
  readonly loadsAvoided: number | undefined
  readonly invalidations: number | undefined
  /** From 0 to 1. */
  readonly hitRatio: number | undefined
}

/** GET /families */
export interface FamiliesAnswer extends Answer {
  readonly families: readonly FamilyRow[]
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
  /** True: this ends a list that has left nothing out. */
  readonly isComplete: boolean
  /** What is not listed here, since its node does not answer. */
  readonly withheld: readonly string[]
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

/**
 * POST /invalidate `{keys|pattern|tags|family, reason, dryRun: true}`, and POST /clear
 * `{scope: 'all' or a family, …}`; with `{planId, confirm}` instead it is carried out.
 */
export interface PlanAnswer extends Answer {
  /** To be sent back with `confirm`; good for a minute. */
  readonly planId: string
  readonly what: string
  /** Keys on the server that it concerns; a bound where `isEstimate`. */
  readonly count: number
  readonly isEstimate: boolean
  /** What is not counted, since its node does not answer. */
  readonly withheld: readonly string[]
  readonly sample: readonly string[]
  /** What has to be typed, where it has to be. */
  readonly confirm: string
  /** More than 100 keys, nobody knows how many, or a clear. */
  readonly needsConfirm: boolean
}

export interface DoneAnswer extends Answer {
  readonly what: string
  readonly reached: number
  readonly pending: number
  readonly ms: number
}

export type { InvalidationRow } from '../observe/index.ts'

/** GET /invalidations; a row is `invalidation` in the stream too. */
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

/** GET /doctor, POST /doctor/run */
export interface DoctorAnswer extends Answer {
  readonly report: DoctorReport | undefined
  readonly isRunning: boolean
  /** Of the last run of this process; undefined: it has not failed. */
  readonly failure?: string | undefined
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

/** GET /series?range=15m|1h|6h|24h: oldest first; null: nobody counted then. */
export interface SeriesAnswer extends Answer, HistorySeries {}

export type { BreakerFacts, FamilyRow, FamilyTotals, SeriesName } from '../observe/index.ts'

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
