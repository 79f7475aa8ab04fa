/** For a terminal: what is wrong, what shows it, and what to do, the worst first. */
import { printable } from '../../base/printable.ts'
import {
  type DoctorReport,
  type Finding,
  type FindingStatus,
  isFault,
  statusOrder,
} from '../finding.ts'
import { count, sampleText, titleOf, valuesOf } from './sentence.ts'

type Colour = 'green' | 'red' | 'yellow' | 'bold' | 'dim'

export interface Look {
  readonly paint: (colour: Colour, text: string) => string
  /** Also what is fine, and what could not be asked. */
  readonly showsAll: boolean
}

const badges: Readonly<Record<FindingStatus, readonly [text: string, colour: Colour]>> = {
  crit: ['CRIT', 'red'],
  warn: ['WARN', 'yellow'],
  info: ['INFO', 'bold'],
  unknown: ['  ? ', 'dim'],
  skipped: ['SKIP', 'dim'],
  ok: [' ok ', 'green'],
}

export function formatPretty(report: DoctorReport, look: Look): string {
  const shown = report.findings.filter((finding) => look.showsAll || isFault(finding))
  return [head(report, look), ...shown.map((finding) => block(finding, look)), foot(report, look)]
    .map((part) => part.join('\n'))
    .join('\n\n')
}

function head({ server, ...report }: DoctorReport, { paint }: Look): readonly string[] {
  const { kind, version, mode, address } = server
  const sampled = report.keysSampled === 0 ? 'none' : count(report.keysSampled)
  const stopped = report.stoppedEarly === undefined ? '' : ` (${report.stoppedEarly})`
  return [
    paint('bold', printable(`${kind} ${version} (${mode}) at ${address}`)),
    paint('dim', `keys ≈ ${count(report.keysTotal)}, sampled ${sampled}${stopped}`),
  ]
}

function block(finding: Finding, { paint }: Look): readonly string[] {
  const { status, id, evidence, cause, remedy, reason } = finding
  const [text, colour] = badges[status]
  const values = valuesOf(finding)
  const lines = [`${paint(colour, text)} ${paint('bold', id)} ${titleOf(finding)}`]
  const add = (label: string, line: string): void => {
    lines.push(`     ${paint('dim', label)} ${line}`)
  }
  if (values !== '') add('found ', values)
  if (evidence.sample) add('sample', sampleText(evidence.sample))
  for (const { file, line, text: code } of evidence.places ?? []) {
    add('at    ', `${file}:${line}  ${printable(code.trim())}`)
  }
  if (cause !== undefined) add('cause ', cause)
  if (reason !== undefined) add('why   ', printable(reason))
  if (remedy !== undefined) add('do    ', [remedy.text, ...remedy.commands].join('\n            '))
  if (isFault(finding) && evidence.commands.length > 0) add('see   ', evidence.commands.join(' · '))
  return lines
}

function foot(report: DoctorReport, { paint, showsAll }: Look): readonly string[] {
  const { counts, commands, durationMs, suppressed } = report
  const told = statusOrder.map((status) => `${counts[status]} ${status}`).join(', ')
  const sent = Object.values(commands).reduce((sum, calls) => sum + calls, 0)
  const seconds = (durationMs / 1_000).toFixed(1)
  const hidden = counts.skipped + counts.unknown
  const hint = hidden > 0 && !showsAll ? '  --all shows why checks were skipped' : ''
  return [
    `${told}${suppressed > 0 ? `, ${suppressed} suppressed or known` : ''}`,
    paint('dim', `${count(sent)} commands in ${seconds} s, none that writes or blocks.${hint}`),
  ]
}
