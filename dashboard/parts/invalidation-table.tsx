/** Invalidations as rows: when, from where, how wide, what, and why. */
import type { JSX } from 'preact'
import type { InvalidationRow } from 'staleproof/ops'
import { count, duration, time } from '../text/format.ts'
import { Mono, Num, Plain } from './figures.tsx'
import { Empty } from './panel.tsx'
import { Status, type Tone } from './status.tsx'
import { type Column, Table } from './table.tsx'

/** More keys than one change should need: worth a look at what was asked. */
const manyKeys = 1000

const tones: Readonly<Record<InvalidationRow['scope'], Tone>> = {
  key: 'none',
  set: 'none',
  group: 'none',
  family: 'warn',
  pattern: 'warn',
  all: 'crit',
}

interface Props {
  readonly rows: readonly InvalidationRow[]
  readonly isBrief?: boolean
  readonly onOpen?: (row: InvalidationRow) => void
}

export function InvalidationTable({ rows, isBrief = false, onOpen }: Props): JSX.Element {
  if (rows.length === 0) {
    return (
      <Empty icon="invalidations" title="No invalidations yet">
        They appear here the moment they happen.
      </Empty>
    )
  }
  const columns = isBrief ? brief : [...brief, ...rest]
  const open = onOpen === undefined ? {} : { onOpen }
  return (
    <Table
      label="Invalidations"
      columns={columns}
      rows={rows}
      rowKey={({ seq }) => seq}
      {...open}
    />
  )
}

export function isBroad({ scope, keyCount }: InvalidationRow): boolean {
  return tones[scope] !== 'none' || keyCount > manyKeys
}

/** What it was about, as short as it can be said. */
function subjectOf({ keys, tags, subject, keyCount }: InvalidationRow): string {
  const first = subject ?? keys[0] ?? tags[0] ?? 'everything'
  const others = Math.max(keyCount, keys.length + tags.length) - 1
  return subject === undefined && others > 0 ? `${first} and ${count(others)} more` : first
}

const brief: readonly Column<InvalidationRow>[] = [
  {
    id: 'time',
    title: 'Time',
    isOpener: true,
    cell: ({ atMs }) => <span class="tabular">{time(atMs)}</span>,
  },
  { id: 'origin', title: 'Service', cell: ({ origin }) => <Mono text={origin} max={40} /> },
  {
    id: 'scope',
    title: 'Scope',
    cell: (row) =>
      isBroad(row) ? <Status tone={tones[row.scope]}>{row.scope}</Status> : row.scope,
  },
  {
    id: 'subject',
    title: 'What',
    isWide: true,
    cell: (row) => <Mono text={subjectOf(row)} max={110} />,
  },
  { id: 'reason', title: 'Reason', cell: ({ reason }) => <Plain text={reason} max={80} /> },
  {
    id: 'keys',
    title: 'Keys',
    isNumber: true,
    cell: ({ keyCount }) => <Num of={keyCount} />,
  },
  { id: 'ms', title: 'Took', isNumber: true, cell: ({ ms }) => duration(ms) },
]

const rest: readonly Column<InvalidationRow>[] = [
  { id: 'via', title: 'Via', hint: 'How this process learnt of it', cell: ({ via }) => via },
  {
    id: 'pending',
    title: 'Pending',
    isNumber: true,
    hint: 'That Redis could not be told about yet',
    cell: ({ pending }) =>
      pending > 0 ? <Status tone="warn">{count(pending)}</Status> : count(pending),
  },
]
