/** One finding of the doctor: the verdict in a line, the evidence and the remedy behind it. */
import type { JSX } from 'preact'
import type { DoctorAnswer } from 'staleproof/ops'
import { percent, plural } from '../text/format.ts'
import { shortened, visible } from '../text/visible.ts'
import { Mono } from './figures.tsx'
import { Status, type Tone } from './status.tsx'

export type Finding = NonNullable<DoctorAnswer['report']>['findings'][number]

const tones: Readonly<Record<Finding['status'], readonly [Tone, string]>> = {
  crit: ['crit', 'critical'],
  warn: ['warn', 'warning'],
  info: ['info', 'note'],
  ok: ['ok', 'fine'],
  skipped: ['none', 'skipped'],
  unknown: ['none', 'unknown'],
}

export function FindingItem({ finding }: { finding: Finding }): JSX.Element {
  const [tone, word] = tones[finding.status]
  const { id, title, subject, cause, reason } = finding
  return (
    <li>
      <details class="finding">
        <summary data-row>
          <Status tone={tone}>{word}</Status>
          <code class="finding-id">{id}</code>
          <span class={isVerdict(finding) ? 'finding-title' : 'finding-title soft'}>
            {!isVerdict(finding) && 'Not checked: '}
            {visible(title)}
            {subject !== undefined && (
              <span class="finding-subject">
                <Mono text={subject} max={120} />
              </span>
            )}
            {reason !== undefined && <span class="finding-subject">{shortened(reason, 160)}</span>}
          </span>
        </summary>
        <div class="finding-body">
          {cause !== undefined && (
            <>
              <h3>Why it matters</h3>
              <p>{visible(cause)}</p>
            </>
          )}
          <EvidenceOf finding={finding} />
          <RemedyOf finding={finding} />
        </div>
      </details>
    </li>
  )
}

/** A title says what would be wrong; of what nobody has checked it says nothing yet. */
function isVerdict({ status }: Finding): boolean {
  return tones[status][0] !== 'none'
}

function EvidenceOf({ finding }: { finding: Finding }): JSX.Element {
  const { values, commands, sample, places = [] } = finding.evidence
  return (
    <>
      <h3>Evidence</h3>
      <dl class="facts">
        {Object.entries(values).map(([name, value]) => (
          <div key={name} class="contents">
            <dt>{visible(name)}</dt>
            <dd>
              <Mono text={String(value)} max={500} />
            </dd>
          </div>
        ))}
      </dl>
      {sample !== undefined && (
        <p>
          About {percent(sample.share)} (95 %: {percent(sample.low)} to {percent(sample.high)}),
          from {plural(sample.sampled, 'key')} of {plural(sample.of, 'key')}.
        </p>
      )}
      {places.length > 0 && (
        <ul class="plain">
          {places.map(({ file, line, text }) => (
            <li key={`${file}:${line}`}>
              <code>
                {visible(file)}:{line}
              </code>{' '}
              <Mono text={text} max={200} />
            </li>
          ))}
        </ul>
      )}
      <Commands title="See it yourself" commands={commands} />
    </>
  )
}

function RemedyOf({ finding: { remedy } }: { finding: Finding }): JSX.Element | null {
  if (remedy === undefined) return null
  return (
    <>
      <h3>What to do</h3>
      <p>{visible(remedy.text)}</p>
      <Commands commands={remedy.commands} />
    </>
  )
}

interface CommandsProps {
  readonly title?: string
  readonly commands: readonly string[]
}

function Commands({ title, commands }: CommandsProps): JSX.Element | null {
  if (commands.length === 0) return null
  return (
    <>
      {title !== undefined && <h3>{title}</h3>}
      <ul class="commands">
        {commands.map((command) => (
          <li key={command}>
            <code>{shortened(command, 400)}</code>
          </li>
        ))}
      </ul>
    </>
  )
}
