/** What is loaded before anybody asks for it, and how much of that is used. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { WarmingAnswer } from 'staleproof/ops'
import { post, reasonOf } from '../api/client.ts'
import { Meter, Mono, Num } from '../parts/figures.tsx'
import { Empty, Outdated, Panel, Waiting } from '../parts/panel.tsx'
import { Status } from '../parts/status.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { askAgain, useAnswer } from '../state/answer.ts'
import { nowMs } from '../state/pace.ts'
import { mayChange } from '../state/session.ts'
import { ago, count, duration, percent, plural } from '../text/format.ts'
import { visible } from '../text/visible.ts'

type Process = WarmingAnswer['processes'][number]
type Task = NonNullable<Process['warming']>['tasks'][number]

export function Warming(): JSX.Element {
  const { data, problem } = useAnswer<WarmingAnswer>('warming')
  if (data === undefined) return <Waiting problem={problem} />
  const processes = data.processes.filter(({ warming, preloading, prediction }) => {
    return warming !== undefined || preloading !== undefined || prediction !== undefined
  })
  return (
    <div class="page">
      <Outdated problem={problem} />
      {processes.length === 0 && (
        <Empty icon="warming" title="No process loads anything ahead">
          Tasks of <code>staleproof/warm</code> appear here with their last run.
        </Empty>
      )}
      {processes.map((process) => (
        <ProcessWarming key={process.process} process={process} />
      ))}
    </div>
  )
}

function ProcessWarming({ process }: { process: Process }): JSX.Element {
  const { warming, preloading, prediction } = process
  const note =
    warming === undefined
      ? undefined
      : `${visible(warming.standing)} · ${plural(warming.loads, 'load')} · ` +
        `${count(warming.running)} running, ${count(warming.waiting)} waiting`
  return (
    <Panel title={visible(process.service)} note={note}>
      {warming !== undefined && <Tasks tasks={warming.tasks} />}
      {preloading !== undefined && <Preloading facts={preloading} />}
      {prediction !== undefined && <Prediction facts={prediction} />}
    </Panel>
  )
}

function Tasks({ tasks }: { tasks: readonly Task[] }): JSX.Element {
  const [told, setTold] = useState<JSX.Element>()
  const run = async (name: string): Promise<void> => {
    try {
      await post('warm', { task: name })
      setTold(<Status tone="ok">{visible(name)} has run</Status>)
      askAgain()
    } catch (error) {
      setTold(<Status tone="crit">{reasonOf(error)}</Status>)
    }
  }
  const columns = mayChange('operator') ? [...taskColumns, runColumn(run)] : taskColumns
  return (
    <>
      <Table
        label="Tasks"
        columns={columns}
        rows={tasks}
        rowKey={({ name }) => name}
        name="tasks"
      />
      <p role="status">{told}</p>
    </>
  )
}

function runColumn(run: (name: string) => Promise<void>): Column<Task> {
  return {
    id: 'run',
    title: 'Run',
    cell: ({ name, isRunning }) => (
      <button
        type="button"
        class="button-quiet"
        disabled={isRunning}
        onClick={() => void run(name)}
      >
        Run <span class="visually-hidden">{visible(name)}</span> now
      </button>
    ),
  }
}

const taskColumns: readonly Column<Task>[] = [
  {
    id: 'name',
    title: 'Task',
    by: ({ name }) => name,
    cell: ({ name, critical }) => (
      <>
        <Mono text={name} />
        {critical && <span class="soft row-note">critical</span>}
      </>
    ),
  },
  { id: 'outcome', title: 'Last outcome', cell: (task) => <Outcome task={task} /> },
  {
    id: 'every',
    title: 'Every',
    isNumber: true,
    by: ({ everyMs }) => everyMs,
    cell: ({ everyMs }) => duration(everyMs),
  },
  {
    id: 'last',
    title: 'Last run',
    isNumber: true,
    by: ({ lastRunMs }) => lastRunMs,
    cell: ({ lastRunMs }) => ago(lastRunMs, nowMs.value),
  },
  {
    id: 'took',
    title: 'Took',
    isNumber: true,
    by: ({ lastDurationMs }) => lastDurationMs,
    cell: ({ lastDurationMs }) => <Num of={lastDurationMs} as={duration} />,
  },
  {
    id: 'runs',
    title: 'Runs',
    isNumber: true,
    by: ({ executions }) => executions,
    cell: ({ executions }) => <Num of={executions} />,
  },
  {
    id: 'failures',
    title: 'Failed',
    isNumber: true,
    by: ({ failures }) => failures,
    cell: ({ failures }) => <Num of={failures} />,
  },
]

function Outcome({ task }: { task: Task }): JSX.Element {
  const { isRunning, lastRunMs, lastSuccessMs, lastError } = task
  if (isRunning) return <Status tone="info">running</Status>
  if (lastRunMs === undefined) return <Status tone="none">not run yet</Status>
  if (lastSuccessMs !== undefined && lastSuccessMs >= lastRunMs)
    return <Status tone="ok">done</Status>
  if (lastError === undefined) return <Status tone="ok">done</Status>
  return (
    <span class="stacked">
      <Status tone="crit">failed</Status>
      <Mono text={lastError} max={100} />
    </span>
  )
}

function Preloading({ facts }: { facts: NonNullable<Process['preloading']> }): JSX.Element {
  return (
    <div class="sub">
      <h3>Preloading of groups</h3>
      <p class="soft">
        {plural(facts.activeGroups, 'group')} active, {count(facts.dropped)} dropped
      </p>
      <ul class="pools">
        {Object.entries(facts.families).map(([family, { loaded, used }]) => (
          <li key={family}>
            <Mono text={family} />
            <Meter label={`Used of ${family}`} share={loaded === 0 ? undefined : used / loaded} />
            <span class="soft">
              {count(used)} of {count(loaded)} were read
              {loaded > 0 && `: ${percent(used / loaded)}`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Prediction({ facts }: { facts: NonNullable<Process['prediction']> }): JSX.Element {
  const { state, precision, preloads, used, wasted } = facts
  return (
    <div class="sub">
      <h3>Prediction</h3>
      <dl class="facts">
        <dt>State</dt>
        <dd>{visible(state)}</dd>
        <dt>Precision</dt>
        <dd>
          <Num of={precision} as={percent} />
        </dd>
        <dt>Preloads</dt>
        <dd>
          <Num of={preloads} />, {count(used)} used, {count(wasted)} wasted
        </dd>
      </dl>
    </div>
  )
}
