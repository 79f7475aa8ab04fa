/** The report as one JSON document, or a line of JSON for the report and one for each finding. */
import type { DoctorReport } from '../finding.ts'

export function formatJson(report: DoctorReport): string {
  return JSON.stringify(report, undefined, 2)
}

export function formatLines({ findings, ...report }: DoctorReport): string {
  const lines = [
    { type: 'report', ...report },
    ...findings.map((one) => ({ type: 'finding', ...one })),
  ]
  return lines.map((line) => JSON.stringify(line)).join('\n')
}
