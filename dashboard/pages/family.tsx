/** One family: how it is declared, how it does, what is read, and why values were loaded. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { FamilyAnswer, FamilyRow, FamilyTotals, SeriesAnswer } from 'staleproof/ops'
import { Bars } from '../parts/bars.tsx'
import { Chart } from '../parts/chart.tsx'
import { Goal } from '../parts/family-multiples.tsx'
import { Figure, Mono, Num } from '../parts/figures.tsx'
import { Icon } from '../parts/icon.tsx'
import { Empty, Outdated, Panel, Waiting } from '../parts/panel.tsx'
import { type Intent, PlanDialog } from '../parts/plan-dialog.tsx'
import { Status } from '../parts/status.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { useAnswer } from '../state/answer.ts'
import { linkTo } from '../state/route.ts'
import { lastOf, useSeries } from '../state/series.ts'
import { mayChange } from '../state/session.ts'
import { bytes, count, duration, percent } from '../text/format.ts'

export function Family({ name }: { name: string }): JSX.Element {
  const { data, problem } = useAnswer<FamilyAnswer>(`families/${encodeURIComponent(name)}`)
  const { data: series } = useSeries()
  const [intent, setIntent] = useState<Intent>()
  if (data === undefined) return <Waiting problem={problem} />
  const { family } = data
  return (
    <div class="page">
      <Outdated problem={problem} />
      <div class="toolbar">
        <a class="button-quiet" href={linkTo('families')}>
          <Icon name="back" /> Families
        </a>
        <strong class="crumb">
          <Mono text={name} />
        </strong>
        <Actions family={family} onIntent={setIntent} />
      </div>
      <Figures family={family} />
      <div class="columns">
        {series !== undefined && <HitChart series={series} family={family} />}
        <Declared family={family} />
      </div>
      <div class="columns columns-even">
        <div class="stack">
          <ReadsByTier totals={family.totals} />
          <Stores stores={data.stores} />
          <Processes processes={data.processes} />
        </div>
        <UsedKeys answer={data} />
      </div>
      {intent && <PlanDialog intent={intent} onClose={() => setIntent(undefined)} />}
    </div>
  )
}

interface ActionsProps {
  readonly family: FamilyRow
  readonly onIntent: (intent: Intent) => void
}

function Actions({ family, onIntent }: ActionsProps): JSX.Element {
  const { name, latencies } = family
  const loadMs = latencies.load.count === 0 ? undefined : latencies.load.p50Ms
  return (
    <span class="push">
      <a class="button" href={linkTo('keys', undefined, { pattern: patternOf(family) })}>
        Its keys
      </a>
      {mayChange('administrator') && (
        <button
          type="button"
          class="button danger"
          onClick={() =>
            onIntent({
              title: `Invalidate ${name}`,
              route: 'invalidate',
              scope: { family: name },
              loadMs,
            })
          }
        >
          Invalidate…
        </button>
      )}
    </span>
  )
}

/** Keys of a template: its places become wild. */
function patternOf({ declared }: FamilyRow): string {
  return declared.template.replaceAll(/\{[^}]*\}/g, '*')
}

function Figures({ family }: { family: FamilyRow }): JSX.Element {
  const { totals, latencies, staleReads } = family
  const load = latencies.load.count === 0 ? undefined : latencies.load
  const read = latencies.get.count === 0 ? undefined : latencies.get
  return (
    <dl class="figures">
      <Figure label="Hit ratio" note={<Goal family={family} />}>
        <Num of={family.hitRatio} as={percent} name="hit-ratio" />
      </Figure>
      <Figure
        label="Load p95"
        note={`p50\u00a0${duration(load?.p50Ms)} · p99\u00a0${duration(load?.p99Ms)}`}
      >
        <Num of={load?.p95Ms} as={duration} />
      </Figure>
      <Figure label="Read p95" note={`beyond memory · p99\u00a0${duration(read?.p99Ms)}`}>
        <Num of={read?.p95Ms} as={duration} />
      </Figure>
      <Figure label="Loads" note={`${count(totals.loadErrors)} failed`}>
        <Num of={totals.loads} name="loads" />
      </Figure>
      <Figure label="Invalidated" note="since the start">
        <Num of={totals.invalidations} name="invalidations" />
      </Figure>
      <Figure label="Stale reads" note="found by shadow reads">
        <Num of={staleReads} name="stale-reads" />
      </Figure>
    </dl>
  )
}

function HitChart({ series, family }: { series: SeriesAnswer; family: FamilyRow }): JSX.Element {
  const values = series.families[family.name] ?? []
  const last = lastOf(values)
  const { hitTarget } = family.declared
  const goal =
    hitTarget === undefined ? [] : [{ name: 'goal', values: values.map(() => hitTarget) }]
  return (
    <Chart
      title="Hit ratio"
      summary={last === undefined ? 'Not recorded yet.' : `${percent(last)} in the last step.`}
      timesMs={series.timesMs}
      format={percent}
      max={1}
      series={[{ name: 'hit ratio', values }, ...goal]}
    />
  )
}

function Declared({ family }: { family: FamilyRow }): JSX.Element {
  const { template, version, ttlMs, maxStaleMs, codec, isEncrypted, hasSource } = family.declared
  return (
    <Panel title="Declared">
      <dl class="facts">
        <dt>Key</dt>
        <dd>
          <Mono text={template} />
        </dd>
        <dt>TTL</dt>
        <dd>{duration(ttlMs)}</dd>
        <dt>May be stale for</dt>
        <dd>{maxStaleMs === 0 ? 'never' : duration(maxStaleMs)}</dd>
        <dt>Codec</dt>
        <dd>
          {codec}
          {isEncrypted && ', encrypted'}
        </dd>
        <dt>Source</dt>
        <dd>{hasSource ? 'loads what is missing' : 'none: only what is set'}</dd>
        <dt>Version</dt>
        <dd>
          <Mono text={version} />{' '}
          {family.versions.length > 1 && (
            <Status tone="warn">and {family.versions.length - 1} more: a deployment?</Status>
          )}
        </dd>
        <dt>Used by</dt>
        <dd>{family.services.join(', ')}</dd>
        <dt>In memory</dt>
        <dd>
          <Num of={family.totals.entries} /> entries, {bytes(family.totals.bytes)}
        </dd>
      </dl>
    </Panel>
  )
}

function ReadsByTier({ totals }: { totals: FamilyTotals }): JSX.Element {
  const { memory, redis, joined, stale, source, none } = totals
  const bars = Object.entries({ memory, redis, joined, stale, source, none })
  return (
    <Panel title="Reads by where the answer came from" note="since the start">
      <Bars label="Reads by tier" bars={bars.map(([name, value]) => ({ name, value }))} />
    </Panel>
  )
}

function UsedKeys({ answer: { usedKeys } }: { answer: FamilyAnswer }): JSX.Element {
  if (usedKeys.length === 0) {
    return (
      <Panel title="Keys read most">
        <Empty icon="usage" title="Not enough reads yet" />
      </Panel>
    )
  }
  const bars = usedKeys.slice(0, 12).map(({ key, reads }) => ({ name: key, value: reads }))
  return (
    <Panel title="Keys read most" note="estimated by a bounded sketch">
      <Bars label="Keys read most" bars={bars} isEstimate />
    </Panel>
  )
}

function Stores({ stores }: { stores: FamilyAnswer['stores'] }): JSX.Element {
  const bars = Object.entries(stores)
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => b.value - a.value)
  return (
    <Panel title="Loads: why, and what became of them" note="since the start">
      {bars.length === 0 ? (
        <Empty title="Nothing was loaded yet" />
      ) : (
        <Bars label="Loaded values" bars={bars} />
      )}
    </Panel>
  )
}

type ProcessTotals = readonly [name: string, totals: FamilyTotals]

const processColumns: readonly Column<ProcessTotals>[] = [
  { id: 'name', title: 'Process', cell: ([name]) => <Mono text={name} max={60} /> },
  {
    id: 'memory',
    title: 'Memory',
    isNumber: true,
    by: ([, totals]) => totals.memory,
    cell: ([, totals]) => <Num of={totals.memory} />,
  },
  { id: 'redis', title: 'Redis', isNumber: true, cell: ([, { redis }]) => <Num of={redis} /> },
  { id: 'loads', title: 'Loads', isNumber: true, cell: ([, { loads }]) => <Num of={loads} /> },
  {
    id: 'entries',
    title: 'Entries',
    isNumber: true,
    cell: ([, { entries }]) => <Num of={entries} />,
  },
]

function Processes({ processes }: { processes: FamilyAnswer['processes'] }): JSX.Element {
  return (
    <Panel title="By process">
      <Table
        label="By process"
        columns={processColumns}
        rows={Object.entries(processes)}
        rowKey={([name]) => name}
      />
    </Panel>
  )
}
