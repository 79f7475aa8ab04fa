/** Reports without the ids of keys, for places that others read. */
import type { DoctorReport, Finding } from './finding.ts'
import { roleOf } from './key-sample.ts'

/** Their subject is the name of a key. */
const aboutKeys: ReadonlySet<string> = new Set(['KEY04', 'KEY05'])
/** Their subject, and names of their values, are families and patterns of keys. */
const aboutPatterns: ReadonlySet<string> = new Set([
  'KEY01',
  'KEY02',
  'KEY03',
  'KEY06',
  'KEY07',
  'KEY09',
  'MEM10',
])
/** Values that are names of keys, and those that list patterns. */
const examples: ReadonlySet<string> = new Set(['example', 'beginning'])
const lists: ReadonlySet<string> = new Set(['families', 'patterns', 'suggestion'])

/** What a cache puts in front stays, and the first part; the others may be ids. */
export function redactedKey(name: string): string {
  const { text } = roleOf(name)
  const front = name.slice(0, name.length - text.length)
  const [first = '', ...rest] = text.split(/([:_./|]+)/)
  const known = /^[A-Za-z-]{1,24}$/.test(first) ? first : '*'
  return front + [known, ...rest.map((part, at) => (at % 2 === 0 ? part : '*'))].join('')
}

/** A pattern, or a text with some: `{int}` tells nothing, but a word may be somebody's name. */
function redactedPatterns(text: string): string {
  return text.replace(/\{[^{}]*\}|([:_./|]+)[^\s:_./|{}',]+/g, (found, separator?: string) =>
    separator === undefined ? found : `${separator}*`,
  )
}

export function redacted(report: DoctorReport): DoctorReport {
  return { ...report, findings: report.findings.map(redactedFinding) }
}

function redactedFinding(finding: Finding): Finding {
  const { id, subject, evidence } = finding
  const values = Object.entries(evidence.values).map(([name, value]) => [
    aboutPatterns.has(id) ? redactedPatterns(name) : name,
    redactedValue(name, value),
  ])
  const shown = subject === undefined ? undefined : redactedSubject(id, subject)
  return {
    ...finding,
    subject: shown,
    // Who guesses a name could prove it by its hash.
    fingerprint: shown === subject ? finding.fingerprint : undefined,
    evidence: { ...evidence, values: Object.fromEntries(values) },
  }
}

function redactedSubject(id: string, subject: string): string {
  if (aboutKeys.has(id)) return redactedKey(subject)
  return aboutPatterns.has(id) ? redactedPatterns(subject) : subject
}

function redactedValue(name: string, value: string | number | boolean): string | number | boolean {
  if (examples.has(name)) return redactedKey(String(value))
  return lists.has(name) ? redactedPatterns(String(value)) : value
}
