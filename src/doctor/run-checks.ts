/** Judges facts by checks: one finding at least for each, the worst first. */
import { hash48 } from '../base/hash.ts'
import type { Check, Verdict } from './check.ts'
import type { Facts } from './facts.ts'
import type { Finding, FindingStatus } from './finding.ts'
import { Missing } from './missing.ts'

/** Findings of one check; what more it found is told as a number in the last one. */
export const findingsPerCheckMax = 50

const order: readonly FindingStatus[] = ['crit', 'warn', 'info', 'unknown', 'skipped', 'ok']

export function runChecks(checks: readonly Check[], facts: Facts): readonly Finding[] {
  const findings = checks.flatMap((check) => findingsOf(check, facts))
  const rank = ({ status }: Finding): number => order.indexOf(status)
  return findings.sort((left, right) => rank(left) - rank(right) || compareIds(left, right))
}

function findingsOf(check: Check, facts: Facts): readonly Finding[] {
  const verdicts = verdictsOf(check, facts)
  const faults = verdicts.filter(({ status }) => status !== 'ok')
  if (faults.length === 0) return [findingOf(check, verdicts[0] ?? { status: 'ok', values: {} })]
  const told = faults.slice(0, findingsPerCheckMax)
  const leftOut = faults.length - told.length
  return told.map((verdict, at) => {
    const isLast = at === told.length - 1
    if (leftOut === 0 || !isLast) return findingOf(check, verdict)
    return findingOf(check, { ...verdict, values: { ...verdict.values, leftOut } })
  })
}

/** What it asks for and is not there makes one verdict that says so. */
function verdictsOf(check: Check, facts: Facts): readonly Verdict[] {
  for (const need of check.needs) {
    const reason = facts.missing(need)
    if (reason !== undefined) return [{ status: 'skipped', values: {}, reason }]
  }
  try {
    return [check.judge(facts)].flat()
  } catch (error) {
    if (!(error instanceof Missing)) throw error
    return [{ status: error.status, values: {}, reason: error.message }]
  }
}

function findingOf(check: Check, verdict: Verdict): Finding {
  const { status, subject, values, sample, places } = verdict
  const isFault = status === 'info' || status === 'warn' || status === 'crit'
  return {
    id: check.id,
    status,
    subject,
    title: verdict.title ?? check.title,
    evidence: { values, commands: check.commands, sample, places },
    cause: verdict.cause,
    remedy: isFault ? (verdict.remedy ?? check.remedy) : undefined,
    reason: verdict.reason,
    fingerprint: fingerprintOf(check.id, subject),
  }
}

/** Of what is wrong with what, not of numbers: they differ from run to run. */
export function fingerprintOf(id: string, subject: string | undefined): string {
  return hash48(`${id}\n${subject ?? ''}`)
}

function compareIds(left: Finding, right: Finding): number {
  const texts = [left, right].map(({ id, subject = '' }) => `${id} ${subject}`)
  const [a = '', b = ''] = texts
  return a < b ? -1 : Number(a > b)
}
