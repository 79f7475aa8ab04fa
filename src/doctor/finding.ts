/** What `doctor` says: one finding for each check and what it was about. */

/** `unknown`: the server gave no number. `skipped`: the check could not be run; never `ok`. */
export type FindingStatus = 'ok' | 'info' | 'warn' | 'crit' | 'skipped' | 'unknown'

export const severities = ['info', 'warn', 'crit'] as const

/** The worst first. */
export const statusOrder: readonly FindingStatus[] = [
  'crit',
  'warn',
  'info',
  'unknown',
  'skipped',
  'ok',
]

/** Something is wrong, more or less. */
export function isFault({ status }: { readonly status: FindingStatus }): boolean {
  return status === 'crit' || status === 'warn' || status === 'info'
}

export interface Finding {
  /** Of the check: `MEM01`. */
  readonly id: string
  readonly status: FindingStatus
  /** What it is about, where one check finds several: a family, a key, a service, a file. */
  readonly subject?: string | undefined
  readonly title: string
  readonly evidence: Evidence
  readonly cause?: string | undefined
  readonly remedy?: Remedy | undefined
  /** Why it was skipped, or is unknown. */
  readonly reason?: string | undefined
  /** Skipped because it does not apply, or was not asked for: the report is whole without it. */
  readonly isMoot?: boolean | undefined
  /**
   * The same for the same fault of the same server; stands in a baseline. None where it would
   * tell of a name that is redacted.
   */
  readonly fingerprint?: string | undefined
}

export interface Evidence {
  readonly values: Readonly<Record<string, string | number | boolean>>
  /** Sent to get them, or run by hand to see the same. */
  readonly commands: readonly string[]
  readonly sample?: Sample | undefined
  /** Of `--code`: where it stands. */
  readonly places?: readonly Place[] | undefined
}

/** A share found by sampling, with its Wilson interval of 95 %. */
export interface Sample {
  readonly sampled: number
  readonly of: number
  readonly share: number
  readonly low: number
  readonly high: number
}

export interface Place {
  readonly file: string
  readonly line: number
  readonly text: string
}

export interface Remedy {
  readonly text: string
  readonly commands: readonly string[]
}

export interface DoctorReport {
  readonly schemaVersion: 1
  readonly startedMs: number
  readonly durationMs: number
  readonly server: ServerIdentity
  /** Commands that were sent, with their counts. */
  readonly commands: Readonly<Record<string, number>>
  readonly keysSampled: number
  readonly keysTotal: number
  /** Why sampling ended before its budget, if it did. */
  readonly stoppedEarly?: string | undefined
  readonly counts: Readonly<Record<FindingStatus, number>>
  /** The worst first. */
  readonly findings: readonly Finding[]
  readonly suppressed: number
}

export interface ServerIdentity {
  readonly address: string
  readonly kind: 'redis' | 'valkey'
  readonly version: string
  readonly mode: string
  readonly uptimeS: number
}

/** How many findings there are of each kind. */
export function countsOf(findings: readonly Finding[]): DoctorReport['counts'] {
  const counts: Record<FindingStatus, number> = {
    ok: 0,
    info: 0,
    warn: 0,
    crit: 0,
    skipped: 0,
    unknown: 0,
  }
  for (const { status } of findings) counts[status] += 1
  return counts
}
