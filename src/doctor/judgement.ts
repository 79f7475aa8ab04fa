/**
 * What of a report counts: not what is suppressed, and not what a baseline has already.
 * Suppressions name their reason and their end, so that none outlives it.
 */
import { StaleproofError } from '../core/errors.ts'
import { checks } from './checks/index.ts'
import {
  countsOf,
  type DoctorReport,
  type Finding,
  type FindingStatus,
  isFault,
  severities,
} from './finding.ts'

export interface Suppression {
  /** Of a check, or a fingerprint. */
  readonly id: string
  readonly reason: string
  /** From then on it counts again. */
  readonly untilMs: number
}

/** From the least severe one that counts. */
export type FailOn = 'info' | 'warn' | 'crit' | 'none'

/** The least severe first; nothing else counts. */
const ranks: readonly FindingStatus[] = severities
const fingerprintForm = /^[\w-]{8}$/

/** `ID:reason:2027-06-30`; throws `SP_OPTION_INVALID`. */
export function parseSuppression(text: string): Suppression {
  const [id = '', ...rest] = text.split(':')
  const until = rest.pop() ?? ''
  const reason = rest.join(':').trim()
  const untilMs = /^\d{4}-\d{2}-\d{2}$/.test(until) ? Date.parse(until) : Number.NaN
  if (isKnownId(id) && reason !== '' && !Number.isNaN(untilMs)) return { id, reason, untilMs }
  throw new StaleproofError('SP_OPTION_INVALID', 'A suppression can not be read', {
    expected:
      "'ID:reason:2027-06-30', with the id of a check or a fingerprint, a reason and the day on " +
      'which it ends',
    received: `'${text}'`,
  })
}

/** A slip would suppress nothing, or look as if it did. */
function isKnownId(id: string): boolean {
  return checks.some((check) => check.id === id) || fingerprintForm.test(id)
}

/** Without what is suppressed at that time, and counted. */
export function withoutSuppressed(
  report: DoctorReport,
  suppressions: readonly Suppression[],
  nowMs: number,
): DoctorReport {
  const live = new Set(suppressions.filter((one) => one.untilMs > nowMs).map(({ id }) => id))
  const isSuppressed = (finding: Finding): boolean =>
    isFault(finding) && (live.has(finding.id) || live.has(finding.fingerprint ?? ''))
  return without(report, isSuppressed)
}

/** Without what a report of before has found already, at least as badly. */
export function withoutKnown(report: DoctorReport, baseline: readonly Finding[]): DoctorReport {
  const isKnown = (finding: Finding): boolean => {
    const same = baseline.filter((one) => one.fingerprint === finding.fingerprint)
    const worst = Math.max(-1, ...same.map((one) => ranks.indexOf(one.status)))
    return isFault(finding) && worst >= ranks.indexOf(finding.status)
  }
  return without(report, isKnown)
}

/** Of a report in JSON, as `--format json` writes it; throws `SP_OPTION_INVALID`. */
export function parseBaseline(text: string): readonly Finding[] {
  const report = parsed(text)
  if (isReport(report)) return report.findings
  throw new StaleproofError('SP_OPTION_INVALID', 'The baseline can not be read', {
    expected: 'what `staleproof doctor --format json` has written',
    received: report === undefined ? 'a text that is no JSON' : 'another JSON document',
  })
}

/** True: something of this severity or worse is there. */
export function fails({ findings }: DoctorReport, failOn: FailOn): boolean {
  if (failOn === 'none') return false
  return findings.some(({ status }) => ranks.indexOf(status) >= ranks.indexOf(failOn))
}

function without(report: DoctorReport, isOut: (finding: Finding) => boolean): DoctorReport {
  const findings = report.findings.filter((finding) => !isOut(finding))
  const suppressed = report.suppressed + report.findings.length - findings.length
  return { ...report, findings, counts: countsOf(findings), suppressed }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isReport(value: unknown): value is Pick<DoctorReport, 'findings'> {
  if (typeof value !== 'object' || value === null || !('findings' in value)) return false
  const { findings } = value
  return Array.isArray(findings) && findings.every(isFinding)
}

function isFinding(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return 'id' in value && 'status' in value
}
