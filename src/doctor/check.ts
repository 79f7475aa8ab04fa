/**
 * A check: a rule with its numbers, where they come from and what is to be done, and a pure
 * function from facts to verdicts. `--explain`, `docs/doctor.md` and findings are made from
 * this one declaration.
 */
import type { FactName, Facts } from './facts.ts'
import type { FindingStatus, Place, Remedy, Sample } from './finding.ts'

export type CheckGroup =
  | 'memory'
  | 'keys'
  | 'commands'
  | 'latency'
  | 'connections'
  | 'persistence'
  | 'replication'
  | 'security'
  | 'platform'

export interface Check {
  readonly id: string
  /** What is wrong, as it stands in a finding. */
  readonly title: string
  readonly group: CheckGroup
  /** What is computed from what. */
  readonly rule: string
  readonly thresholds: Thresholds
  /** Where rule and numbers come from. */
  readonly source: string
  /** Where one of them is missing the check is skipped. */
  readonly needs: readonly FactName[]
  /** It judges without them, and better with them. */
  readonly uses?: readonly FactName[]
  /** Run by hand they show the same. */
  readonly commands: readonly string[]
  readonly remedy: Remedy
  /** None, or none but `ok`: nothing is wrong. */
  readonly judge: (facts: Facts) => Verdict | readonly Verdict[]
}

/** In words. */
export interface Thresholds {
  readonly info?: string
  readonly warn?: string
  readonly crit?: string
}

export type Values = Readonly<Record<string, string | number | boolean>>

export interface Verdict extends VerdictDetails {
  readonly status: FindingStatus
  readonly values: Values
}

/** What differs from the declaration of the check. */
export interface VerdictDetails {
  readonly subject?: string | undefined
  readonly title?: string | undefined
  readonly sample?: Sample | undefined
  readonly places?: readonly Place[] | undefined
  readonly cause?: string | undefined
  readonly remedy?: Remedy | undefined
  readonly reason?: string | undefined
  readonly isMoot?: boolean | undefined
}

export function ok(values: Values = {}, details: VerdictDetails = {}): Verdict {
  return { status: 'ok', values, ...details }
}

export function info(values: Values, details: VerdictDetails = {}): Verdict {
  return { status: 'info', values, ...details }
}

export function warn(values: Values, details: VerdictDetails = {}): Verdict {
  return { status: 'warn', values, ...details }
}

export function crit(values: Values, details: VerdictDetails = {}): Verdict {
  return { status: 'crit', values, ...details }
}

/** `unknown`: a number that could not be had, with the reason. */
export function unknown(reason: string, values: Values = {}): Verdict {
  return { status: 'unknown', values, reason }
}

/** Bounds that a value is not to exceed. */
export interface Bounds {
  readonly info?: number
  readonly warn?: number
  readonly crit?: number
}

/** The worst bound that is exceeded. */
export function levelOf(value: number, bounds: Bounds): 'ok' | 'info' | 'warn' | 'crit' {
  const isOver = (bound: number | undefined): boolean => bound !== undefined && value > bound
  if (isOver(bounds.crit)) return 'crit'
  if (isOver(bounds.warn)) return 'warn'
  return isOver(bounds.info) ? 'info' : 'ok'
}

/** For evidence: to so many digits behind the point. */
export function rounded(value: number, digits = 2): number {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}

export function megabytes(bytes: number): number {
  return rounded(bytes / 2 ** 20, 1)
}
