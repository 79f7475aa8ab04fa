/** All families; one of them, where the address names it. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { FamiliesAnswer, FamilyRow } from 'staleproof/ops'
import { Goal } from '../parts/family-multiples.tsx'
import { Mono, Num } from '../parts/figures.tsx'
import { Filter } from '../parts/filter.tsx'
import { Empty, Outdated, Waiting } from '../parts/panel.tsx'
import { type Intent, PlanDialog } from '../parts/plan-dialog.tsx'
import { Sparkline } from '../parts/sparkline.tsx'
import { Status } from '../parts/status.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { useAnswer } from '../state/answer.ts'
import { go, linkTo, route } from '../state/route.ts'
import { useSeries, type Values } from '../state/series.ts'
import { mayChange } from '../state/session.ts'
import { bytes, count, duration, percent, plural } from '../text/format.ts'
import { Family } from './family.tsx'

export function Families(): JSX.Element {
  const { item } = route.value
  return item === undefined ? <AllFamilies /> : <Family key={item} name={item} />
}

function AllFamilies(): JSX.Element {
  const { data, problem } = useAnswer<FamiliesAnswer>('families')
  const { data: series } = useSeries()
  const [intent, setIntent] = useState<Intent>()
  if (data === undefined) return <Waiting problem={problem} />
  const asked = (route.value.query.q ?? '').toLowerCase()
  const rows = data.families.filter(({ name }) => name.toLowerCase().includes(asked))
  return (
    <div class="page">
      <Outdated problem={problem} />
      <div class="toolbar">
        <Filter label="Filter families" />
        <span class="soft">{plural(rows.length, 'family', 'families')}</span>
        {mayChange('administrator') && (
          <button type="button" class="button danger push" onClick={() => setIntent(clearAll)}>
            Clear everything…
          </button>
        )}
      </div>
      {rows.length === 0 ? (
        <Empty icon="families" title="No family of this name" />
      ) : (
        <div class="panel panel-table">
          <Table
            label="Families"
            columns={columnsWith(series?.families ?? {})}
            rows={rows}
            rowKey={({ name }) => name}
            sort="name"
            onOpen={({ name }) => go(linkTo('families', name))}
          />
        </div>
      )}
      {intent && <PlanDialog intent={intent} onClose={() => setIntent(undefined)} />}
    </div>
  )
}

const clearAll: Intent = { title: 'Clear everything', route: 'clear', scope: { scope: 'all' } }

function columnsWith(past: Readonly<Record<string, Values>>): readonly Column<FamilyRow>[] {
  const trend: Column<FamilyRow> = {
    id: 'trend',
    title: 'Trend',
    cell: ({ name, declared }) => (
      <Sparkline values={past[name] ?? []} leastSpan={0.1} goal={declared.hitTarget} />
    ),
  }
  return [...naming, trend, ...figures]
}

const naming: readonly Column<FamilyRow>[] = [
  {
    id: 'name',
    title: 'Family',
    by: ({ name }) => name,
    cell: ({ name, versions, services }) => (
      <>
        <a class="row-link" href={linkTo('families', name)}>
          <Mono text={name} />
        </a>
        {versions.length > 1 && (
          <Status tone="warn" isChip>
            {versions.length} versions
          </Status>
        )}
        <span class="soft row-note">{services.join(', ')}</span>
      </>
    ),
  },
  {
    id: 'ttl',
    title: 'TTL',
    isNumber: true,
    by: ({ declared }) => declared.ttlMs,
    cell: ({ declared }) => duration(declared.ttlMs),
  },
  {
    id: 'hit',
    title: 'Hit ratio',
    isNumber: true,
    by: ({ hitRatio }) => hitRatio,
    cell: (family) => (
      <span class="stacked">
        <Num of={family.hitRatio} as={percent} name={`hit-${family.name}`} />
        <Goal family={family} />
      </span>
    ),
  },
]

const figures: readonly Column<FamilyRow>[] = [
  {
    id: 'reads',
    title: 'Reads',
    isNumber: true,
    by: readsOf,
    cell: (family) => <Num of={readsOf(family)} name={`reads-${family.name}`} />,
  },
  {
    id: 'loads',
    title: 'Loads',
    isNumber: true,
    by: ({ totals }) => totals.loads,
    cell: ({ totals: { loads, loadErrors } }) => (
      <span class="stacked">
        <Num of={loads} />
        {loadErrors > 0 && <Status tone="warn">{plural(loadErrors, 'error')}</Status>}
      </span>
    ),
  },
  {
    id: 'load',
    title: 'Load p95',
    isNumber: true,
    by: ({ latencies }) => (latencies.load.count === 0 ? undefined : latencies.load.p95Ms),
    cell: ({ latencies: { load } }) => (
      <Num of={load.count === 0 ? undefined : load.p95Ms} as={duration} />
    ),
  },
  {
    id: 'invalidations',
    title: 'Invalidated',
    isNumber: true,
    by: ({ totals }) => totals.invalidations,
    cell: ({ totals }) => <Num of={totals.invalidations} />,
  },
  {
    id: 'entries',
    title: 'In memory',
    isNumber: true,
    hint: 'Entries of all processes together, and their bytes',
    by: ({ totals }) => totals.bytes,
    cell: ({ totals }) => (
      <span class="stacked">
        <Num of={totals.entries} />
        <span class="soft">{bytes(totals.bytes)}</span>
      </span>
    ),
  },
  {
    id: 'stale',
    title: 'Stale reads',
    isNumber: true,
    by: ({ staleReads }) => staleReads,
    cell: ({ staleReads }) =>
      staleReads > 0 ? <Status tone="crit">{count(staleReads)}</Status> : <Num of={staleReads} />,
  },
]

/** Reads that somebody waited for. */
function readsOf({ totals }: FamilyRow): number {
  const { memory, redis, joined, stale, source, none } = totals
  return memory + redis + joined + stale + source + none
}
