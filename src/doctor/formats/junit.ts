/** JUnit XML: a test case for each finding. */
import { printableLines } from '../../base/printable.ts'
import type { DoctorReport, Finding } from '../finding.ts'
import { shownBy, titleOf } from './sentence.ts'

export function formatJunit({ findings, server, durationMs }: DoctorReport): string {
  const failures = findings.filter(isFailure).length
  const skipped = findings.filter(isSkipped).length
  const counts = `tests="${findings.length}" failures="${failures}" skipped="${skipped}"`
  const name = attribute(`staleproof doctor ${server.address}`)
  const suite = `<testsuite name="${name}" ${counts} time="${durationMs / 1_000}">`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    suite,
    ...findings.map(testCase),
    '</testsuite>',
  ].join('\n')
}

/** Notes pass. */
function isFailure({ status }: Finding): boolean {
  return status === 'warn' || status === 'crit'
}

function isSkipped({ status }: Finding): boolean {
  return status === 'skipped' || status === 'unknown'
}

function testCase(finding: Finding): string {
  const { id, status, remedy, reason = '' } = finding
  const open = `  <testcase classname="${id}" name="${attribute(titleOf(finding))}"`
  if (isSkipped(finding)) return `${open}><skipped message="${attribute(reason)}"/></testcase>`
  if (!isFailure(finding)) return `${open}/>`
  const message = attribute(titleOf(finding))
  const text = attribute([...shownBy(finding), remedy?.text ?? ''].join('\n'))
  return [`${open}>`, `    <failure type="${status}" message="${message}">${text}</failure>`]
    .concat('  </testcase>')
    .join('\n')
}

/** XML has no control characters, not even escaped ones. */
function attribute(text: string): string {
  return printableLines(text)
    .join('\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
