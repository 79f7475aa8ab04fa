/** What is wrong, by what evidence, and what to do about it. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { DoctorAnswer } from 'staleproof/ops'
import { post, reasonOf } from '../api/client.ts'
import { Filter } from '../parts/filter.tsx'
import { type Finding, FindingItem } from '../parts/finding-item.tsx'
import { Empty, Outdated, Waiting } from '../parts/panel.tsx'
import { Status, type Tone } from '../parts/status.tsx'
import { askAgain, useAnswer } from '../state/answer.ts'
import { nowMs } from '../state/pace.ts'
import { route, setQuery } from '../state/route.ts'
import { mayChange } from '../state/session.ts'
import { ago, count, duration } from '../text/format.ts'
import { visible } from '../text/visible.ts'

type Report = NonNullable<DoctorAnswer['report']>

const levels: readonly (readonly [Finding['status'], string, Tone])[] = [
  ['crit', 'critical', 'crit'],
  ['warn', 'warning', 'warn'],
  ['info', 'note', 'info'],
  ['unknown', 'unknown', 'none'],
  ['skipped', 'skipped', 'none'],
  ['ok', 'fine', 'ok'],
]

export function Doctor(): JSX.Element {
  const { data, problem } = useAnswer<DoctorAnswer>('doctor')
  if (data === undefined) return <Waiting problem={problem} />
  const { report, isRunning, failure } = data
  return (
    <div class="page">
      <Outdated problem={problem} />
      <RunBar report={report} isRunning={isRunning} failure={failure} />
      {report === undefined ? (
        <Empty icon="doctor" title={isRunning ? 'Looking…' : 'Not run yet'}>
          The doctor looks at the server, its keys, and the processes that use it. It samples, slows
          itself down, and changes nothing.
        </Empty>
      ) : (
        <Findings report={report} />
      )}
    </div>
  )
}

interface RunBarProps {
  readonly report: Report | undefined
  readonly isRunning: boolean
  /** Why the last run came to nothing. */
  readonly failure: string | undefined
}

function RunBar({ report, isRunning, failure }: RunBarProps): JSX.Element {
  const [refusal, setProblem] = useState<string>()
  const problem = refusal ?? (failure === undefined ? undefined : visible(failure))
  const run = async (): Promise<void> => {
    try {
      setProblem(undefined)
      await post('doctor/run', {})
      askAgain()
    } catch (error) {
      setProblem(reasonOf(error))
    }
  }
  return (
    <>
      <div class="toolbar">
        {report !== undefined && <Sampled report={report} />}
        <span class="push">
          {report !== undefined && (
            <button type="button" class="button" onClick={() => save(report)}>
              Save as JSON
            </button>
          )}
          {mayChange('operator') && (
            <button type="button" class="button" disabled={isRunning} onClick={() => void run()}>
              {isRunning ? 'Running…' : 'Run now'}
            </button>
          )}
        </span>
      </div>
      {problem !== undefined && (
        <p class="notice" role="alert">
          <Status tone="crit">{problem}</Status>
        </p>
      )}
    </>
  )
}

function Sampled({ report }: { report: Report }): JSX.Element {
  const { startedMs, durationMs, keysSampled, keysTotal, server, stoppedEarly } = report
  return (
    <p class="soft">
      {ago(startedMs, nowMs.value)}, in {duration(durationMs)}: {count(keysSampled)} of{' '}
      {count(keysTotal)} keys of {server.kind} {visible(server.version)} looked at.
      {stoppedEarly !== undefined && ` Ended early: ${visible(stoppedEarly)}.`}
      {report.suppressed > 0 && ` ${count(report.suppressed)} suppressed.`}
    </p>
  )
}

function Findings({ report }: { report: Report }): JSX.Element {
  const { level, q = '' } = route.value.query
  const shown = report.findings.filter((finding) => {
    const isOfLevel = level === undefined ? finding.status !== 'ok' : finding.status === level
    return isOfLevel && isAbout(finding, q.toLowerCase())
  })
  return (
    <>
      <div class="toolbar">
        <Levels report={report} level={level} />
        <Filter label="Filter findings" />
      </div>
      {shown.length === 0 ? (
        <Empty icon="ok" title="Nothing of this kind">
          {level === undefined && q === '' && 'Every check that could be run is fine.'}
        </Empty>
      ) : (
        <ul class="findings">
          {shown.map((finding) => (
            <FindingItem key={finding.fingerprint} finding={finding} />
          ))}
        </ul>
      )}
    </>
  )
}

function Levels({ report, level }: { report: Report; level: string | undefined }): JSX.Element {
  return (
    <fieldset class="levels">
      <legend class="visually-hidden">Show only</legend>
      {levels.map(([status, word, tone]) => (
        <button
          key={status}
          type="button"
          class="level"
          aria-pressed={level === status}
          disabled={report.counts[status] === 0}
          onClick={() => setQuery({ level: level === status ? undefined : status })}
        >
          <Status tone={tone}>
            <span data-name={`count-${status}`}>{count(report.counts[status])}</span>{' '}
            {isPlural(status, report.counts[status]) ? `${word}s` : word}
          </Status>
        </button>
      ))}
    </fieldset>
  )
}

function isPlural(status: Finding['status'], count: number): boolean {
  return (status === 'warn' || status === 'info') && count !== 1
}

function isAbout({ id, title, subject = '' }: Finding, asked: string): boolean {
  return [id, title, subject].some((text) => text.toLowerCase().includes(asked))
}

function save(report: Report): void {
  const blob = new Blob([JSON.stringify(report, undefined, 2)], { type: 'application/json' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = 'doctor.json'
  link.click()
  URL.revokeObjectURL(link.href)
}
