/** Who did what by the admin API: also what was only tried, and what was refused. */
import type { JSX } from 'preact'
import type { AuditAnswer, AuditRow } from 'staleproof/ops'
import { Mono, Num } from '../parts/figures.tsx'
import { Filter } from '../parts/filter.tsx'
import { Empty, Outdated, Waiting } from '../parts/panel.tsx'
import { StateOf } from '../parts/status.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { useAnswer } from '../state/answer.ts'
import { route } from '../state/route.ts'
import { mayRead } from '../state/session.ts'
import { dateTime, plural } from '../text/format.ts'

export function Audit(): JSX.Element {
  if (mayRead('operator')) return <Entries />
  return (
    <div class="page">
      <Empty icon="audit" title="For operators">
        Your token may look, but the audit log is shown to operators and administrators only.
      </Empty>
    </div>
  )
}

function Entries(): JSX.Element {
  const { data, problem } = useAnswer<AuditAnswer>('audit')
  if (data === undefined) return <Waiting problem={problem} />
  const asked = (route.value.query.q ?? '').toLowerCase()
  const rows = data.entries.filter(({ user, action, target, service }) =>
    [user, action, target, service].some((text) => text.toLowerCase().includes(asked)),
  )
  return (
    <div class="page">
      <Outdated problem={problem} />
      <div class="toolbar">
        <Filter label="Filter by person, action or target" />
        <span class="soft">{plural(rows.length, 'entry', 'entries')}, the newest first</span>
      </div>
      {rows.length === 0 ? (
        <Empty icon="audit" title="Nothing was done">
          Every change, every dry run and every refusal is written down here.
        </Empty>
      ) : (
        <div class="panel panel-table">
          <Table
            label="Audit"
            columns={columns}
            rows={rows}
            rowKey={({ atMs, user, action, target, dryRun }) =>
              `${atMs} ${user} ${action} ${target} ${dryRun}`
            }
            sort="-at"
          />
        </div>
      )}
    </div>
  )
}

const columns: readonly Column<AuditRow>[] = [
  {
    id: 'at',
    title: 'Time',
    by: ({ atMs }) => atMs,
    cell: ({ atMs }) => <span class="tabular">{dateTime(atMs)}</span>,
  },
  {
    id: 'user',
    title: 'Who',
    by: ({ user }) => user,
    cell: ({ user, role }) => (
      <>
        <Mono text={user} max={60} />
        <span class="soft row-note">{role}</span>
      </>
    ),
  },
  {
    id: 'action',
    title: 'What',
    by: ({ action }) => action,
    cell: ({ action, dryRun }) => (
      <>
        {action}
        {dryRun && <span class="soft row-note">dry run</span>}
      </>
    ),
  },
  {
    id: 'target',
    title: 'On what',
    isWide: true,
    by: ({ target }) => target,
    cell: ({ target }) => <Mono text={target} max={140} />,
  },
  {
    id: 'count',
    title: 'Keys',
    isNumber: true,
    by: ({ count }) => count,
    cell: ({ count }) => <Num of={count} />,
  },
  {
    id: 'result',
    title: 'Result',
    by: ({ result }) => result,
    cell: ({ result }) => <StateOf state={result} />,
  },
  {
    id: 'service',
    title: 'Service',
    by: ({ service }) => service,
    cell: ({ service }) => <Mono text={service} />,
  },
]
