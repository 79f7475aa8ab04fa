/** Reports without the ids of keys, for places that others read. */
import type { DoctorReport, Finding } from './finding.ts'
import { roleOf } from './key-sample.ts'

/** Their subject is the name of a key; that of others is a pattern, a family or a setting. */
const aboutKeys: ReadonlySet<string> = new Set(['KEY04', 'KEY05'])
const examples: ReadonlySet<string> = new Set(['example', 'beginning'])

/** What a cache puts in front stays, and the first part; the others may be ids. */
export function redactedKey(name: string): string {
  const { text } = roleOf(name)
  const front = name.slice(0, name.length - text.length)
  const [first = '', ...rest] = text.split(/([:_./|]+)/)
  const known = /^[A-Za-z-]{1,24}$/.test(first) ? first : '*'
  return front + [known, ...rest.map((part, at) => (at % 2 === 0 ? part : '*'))].join('')
}

export function redacted(report: DoctorReport): DoctorReport {
  return { ...report, findings: report.findings.map(redactedFinding) }
}

function redactedFinding(finding: Finding): Finding {
  const { id, subject, evidence } = finding
  const values = Object.entries(evidence.values).map(([name, value]) => [
    name,
    examples.has(name) ? redactedKey(String(value)) : value,
  ])
  return {
    ...finding,
    subject: subject !== undefined && aboutKeys.has(id) ? redactedKey(subject) : subject,
    evidence: { ...evidence, values: Object.fromEntries(values) },
  }
}
