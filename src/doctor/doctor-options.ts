/** What `runDoctor` takes, resolved: durations in ms, and the bounds of what it may do. */
import { type Duration, parseDuration } from '../base/duration.ts'
import type { Catalog, Families } from '../core/catalog.ts'
import type { Clock } from '../core/contracts/clock.ts'
import { StaleproofError } from '../core/errors.ts'
import type { InspectionTarget } from '../inspect/index.ts'
import type { SourceAudit } from './code/source-audit.ts'

export interface DoctorOptions {
  /** Where the server is. */
  readonly redis: InspectionTarget
  /** Of the cache; default: those of all caches that listen there. */
  readonly namespace?: string | undefined
  /** Compared with the live keys. */
  readonly catalog?: Catalog<Families> | undefined
  /** What `auditSource` has read. */
  readonly code?: SourceAudit | undefined
  /** Between both readings of counters. Default 10 s. */
  readonly window?: Duration | undefined
  /** For sampling keys. Default 30 s. */
  readonly budget?: Duration | undefined
  /** Default 10,000. */
  readonly keysMax?: number | undefined
  /** True: walks all keys, at the same pace. */
  readonly deep?: boolean | undefined
  /** True: looks at the beginnings of at most 200 values, and shows none. */
  readonly values?: boolean | undefined
  /** True: lets Redis 8.6 count by key within the window, unless somebody else does. */
  readonly hotKeys?: boolean | undefined
  /** False: samples on primaries. Default true. */
  readonly preferReplica?: boolean | undefined
  /** Ids of checks, or their first letters (`MEM`); default: all. */
  readonly only?: readonly string[] | undefined
  readonly skip?: readonly string[] | undefined
  /** Ends sampling; what was found so far is reported. */
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((line: () => string) => void) | undefined
  readonly clock?: Clock | undefined
}

/** By which a server lists the connection of an examination. */
export const doctorName = 'cache-doctor'

export const doctorDefaults = {
  windowMs: 10_000,
  budgetMs: 30_000,
  keysMax: 10_000,
  // With the burst that a pacer lets through, at most 1,000 within any second.
  commandsPerSecond: 950,
} as const

/** Throws `SP_OPTION_INVALID`. */
export function durationIn(given: Duration | undefined, name: string, otherwise: number): number {
  if (given === undefined) return otherwise
  const ms = parseDuration(given)
  if (ms !== undefined && ms > 0) return ms
  throw new StaleproofError('SP_OPTION_INVALID', `The option ${name} can not be used`, {
    expected: "a duration such as '30s'",
    received: String(given),
  })
}

/** Throws `SP_OPTION_INVALID`. */
export function countIn(given: number | undefined, name: string, otherwise: number): number {
  if (given === undefined) return otherwise
  if (Number.isSafeInteger(given) && given > 0) return given
  throw new StaleproofError('SP_OPTION_INVALID', `The option ${name} can not be used`, {
    expected: 'a whole number above 0',
    received: String(given),
  })
}
