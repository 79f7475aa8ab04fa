/** Annotations of GitHub Actions: workflow commands, one a line. */
import { type DoctorReport, type Finding, type FindingStatus, isFault } from '../finding.ts'
import { shownBy, titleOf } from './sentence.ts'

const kinds: Readonly<Partial<Record<FindingStatus, string>>> = {
  crit: 'error',
  warn: 'warning',
  info: 'notice',
}

export function formatGithub({ findings }: DoctorReport): string {
  return findings.filter(isFault).flatMap(annotations).join('\n')
}

function annotations(finding: Finding): readonly string[] {
  const { id, status, evidence, remedy } = finding
  const message = data([titleOf(finding), ...shownBy(finding), remedy?.text ?? ''].join('\n'))
  const title = property(`${id} ${finding.title}`)
  const places = evidence.places ?? []
  const at = places.map(({ file, line }) => `file=${property(file)},line=${line},`)
  return (at.length > 0 ? at : ['']).map(
    (place) => `::${kinds[status]} ${place}title=${title}::${message}`,
  )
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
