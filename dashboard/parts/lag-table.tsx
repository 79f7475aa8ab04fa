/** How long each process takes to know of an invalidation, and what readers get right after one. */
import type { JSX } from 'preact'
import type { ProcessRow, ServicesAnswer } from 'staleproof/ops'
import { useAnswer } from '../state/answer.ts'
import { count, duration } from '../text/format.ts'
import { visible } from '../text/visible.ts'
import { Num } from './figures.tsx'
import { Empty, Panel } from './panel.tsx'
import { type Column, Table } from './table.tsx'

export function LagTable(): JSX.Element {
  const { data } = useAnswer<ServicesAnswer>('services')
  const rows = data?.processes ?? []
  return (
    <Panel title="Lag by process" note="until an invalidation is known there">
      {rows.length === 0 ? (
        <Empty icon="services" title="No process has told of itself yet" />
      ) : (
        <Table
          label="Lag by process"
          columns={columns}
          rows={rows}
          rowKey={({ facts }) => facts.process}
          name="lag"
          sort="-p99"
        />
      )}
    </Panel>
  )
}

const columns: readonly Column<ProcessRow>[] = [
  {
    id: 'service',
    title: 'Process',
    by: ({ facts }) => facts.service,
    cell: ({ facts }) => (
      <>
        {visible(facts.service)} <span class="soft">{facts.pid}</span>
      </>
    ),
  },
  {
    id: 'p50',
    title: 'p50',
    isNumber: true,
    by: (row) => lagOf(row)?.p50Ms,
    cell: (row) => <Num of={lagOf(row)?.p50Ms} as={duration} />,
  },
  {
    id: 'p99',
    title: 'p99',
    isNumber: true,
    by: (row) => lagOf(row)?.p99Ms,
    cell: (row) => <Num of={lagOf(row)?.p99Ms} as={duration} />,
  },
  {
    id: 'after',
    title: 'Hits / loads after',
    isNumber: true,
    hint: 'Reads of a key right after its invalidation: answered by Redis, or by a load',
    cell: ({ facts }) => {
      const { hits, misses } = facts.stats.coherence.afterInvalidation
      return `${count(hits)} / ${count(misses)}`
    },
  },
]

/** Undefined while nothing was measured. */
function lagOf({ facts }: ProcessRow) {
  const { lag } = facts.stats.coherence
  return lag.count === 0 ? undefined : lag
}
