/** For a ticket or a pull request. */
import { printable } from '../../base/printable.ts'
import { type DoctorReport, isFault } from '../finding.ts'
import { shownBy, titleOf } from './sentence.ts'

export function formatMarkdown({ server, counts, findings }: DoctorReport): string {
  const faults = findings.filter(isFault)
  const rows = faults.map((finding) => {
    const cells = [finding.status, finding.id, titleOf(finding), shownBy(finding).join('; ')]
    return `| ${[...cells, finding.remedy?.text ?? ''].map(cell).join(' | ')} |`
  })
  const skipped = findings.filter(({ status }) => status === 'skipped' || status === 'unknown')
  return [
    `## ${cell(`${server.kind} ${server.version} at ${server.address}`)}`,
    '',
    `${counts.crit} critical, ${counts.warn} warnings, ${counts.info} notes, ${counts.ok} fine.`,
    '',
    ...(rows.length > 0
      ? ['|   | check | what | shown by | what to do |', '|---|---|---|---|---|']
      : []),
    ...rows,
    ...(skipped.length > 0 ? ['', 'Not run:', ''] : []),
    ...skipped.map(({ id, reason = '' }) => `- ${id}: ${cell(reason)}`),
  ].join('\n')
}

/** Names of keys may hold anything, also what Markdown or a page would obey. */
function cell(text: string): string {
  return printable(text.replaceAll('\n', ' '))
    .replace(/[\\|`*_[\]#@~]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
}
