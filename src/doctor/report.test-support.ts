/** A report as `runDoctor` gives it, with the findings of a test. */
import { countsOf, type DoctorReport, type Finding } from './finding.ts'

export function findingOf(given: Partial<Finding>): Finding {
  return {
    id: 'KEY04',
    status: 'warn',
    title: 'A key is very large',
    evidence: { values: {}, commands: [] },
    fingerprint: `${given.id ?? 'KEY04'}-${given.subject ?? ''}`,
    ...given,
  }
}

export function reportOf(...findings: readonly Finding[]): DoctorReport {
  return {
    schemaVersion: 1,
    startedMs: 1_700_000_000_000,
    durationMs: 12_345,
    server: {
      address: '127.0.0.1:6379',
      kind: 'redis',
      version: '7.0.15',
      mode: 'standalone',
      uptimeS: 60,
    },
    commands: { info: 2, scan: 10 },
    keysSampled: 10_000,
    keysTotal: 4_100_000,
    counts: countsOf(findings),
    findings,
    suppressed: 0,
  }
}
