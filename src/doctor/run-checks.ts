/** Judges facts by checks: one finding at least for each, the worst first. */
import { hash48 } from '../base/hash.ts'
import { nextTurn } from '../system.ts'
import type { Check, Verdict } from './check.ts'
import type { Facts } from './facts.ts'
import { type Finding, type FindingStatus, isFault, statusOrder } from './finding.ts'
import { Missing } from './missing.ts'

/** Findings of one check; what more it found is told as a number in the last one. */
export const findingsPerCheckMax = 50
/** Processes that are named in one finding. */
const processesMax = 10

/** Who shares the process waits for one check, and not for all of them. */
export async function runChecks(
  checks: readonly Check[],
  facts: Facts,
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const check of checks) {
    await nextTurn()
    findings.push(...findingsOf(check, facts))
  }
  return findings.sort((left, right) => rankOf(left) - rankOf(right) || compareIds(left, right))
}

function rankOf({ status }: { readonly status: FindingStatus }): number {
  return statusOrder.indexOf(status)
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

/** What is not there makes one verdict that says so, and so does a mistake of the check. */
function verdictsOf(check: Check, facts: Facts): readonly Verdict[] {
  try {
    for (const need of check.needs) facts.need(need)
    return bySubject([check.judge(facts)].flat())
  } catch (error) {
    if (!(error instanceof Missing)) {
      return [{ status: 'unknown', values: {}, reason: `the check failed: ${String(error)}` }]
    }
    const { status, message: reason } = error
    if (status === 'moot') return [{ status: 'skipped', values: {}, reason, isMoot: true }]
    return [{ status, values: {}, reason }]
  }
}

/** What several processes say of one subject is one verdict. */
function bySubject(verdicts: readonly Verdict[]): readonly Verdict[] {
  const same = new Map<string, Verdict[]>()
  for (const verdict of verdicts) {
    const identity = `${verdict.subject ?? ''}\n${verdict.title ?? ''}`
    same.set(identity, [...(same.get(identity) ?? []), verdict])
  }
  return [...same.values()].map(worstOf)
}

/** With its own numbers, and the processes of all. */
function worstOf(verdicts: readonly Verdict[]): Verdict {
  const worst = verdicts.reduce((one, other) => (rankOf(other) < rankOf(one) ? other : one))
  const faults = verdicts.filter(({ status }) => status !== 'ok')
  const names = [...new Set(faults.flatMap(({ values }) => values.process ?? []))]
  if (names.length < 2) return worst
  const rest = names.length - processesMax
  const processes = names.slice(0, processesMax).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
  return { ...worst, values: { ...worst.values, processes } }
}

function findingOf(check: Check, verdict: Verdict): Finding {
  const { status, subject, values, sample, places } = verdict
  return {
    id: check.id,
    status,
    subject,
    title: verdict.title ?? check.title,
    evidence: { values, commands: check.commands, sample, places },
    cause: verdict.cause,
    remedy: isFault(verdict) ? (verdict.remedy ?? check.remedy) : undefined,
    reason: verdict.reason,
    ...(verdict.isMoot && { isMoot: true }),
    fingerprint: fingerprintOf(check.id, subject, verdict.title),
  }
}

/** Of what is wrong with what, not of numbers: they differ from run to run. */
export function fingerprintOf(id: string, subject = '', title = ''): string {
  return hash48(`${id}\n${subject}\n${title}`)
}

function compareIds(left: Finding, right: Finding): number {
  const texts = [left, right].map(({ id, subject = '' }) => `${id} ${subject}`)
  const [a = '', b = ''] = texts
  return a < b ? -1 : Number(a > b)
}
