/** What protects the sources: breakers, live data and its fallbacks, limits, pools. */
import type { JSX } from 'preact'
import type { BreakerFacts, ResilienceAnswer } from 'staleproof/ops'
import { Meter, Mono, Num } from '../parts/figures.tsx'
import { Empty, Outdated, Panel, Waiting } from '../parts/panel.tsx'
import { StateOf, Status } from '../parts/status.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { useAnswer } from '../state/answer.ts'
import { transitions } from '../state/live.ts'
import { count, duration, time } from '../text/format.ts'
import { visible } from '../text/visible.ts'

type Source = ResilienceAnswer['liveData'][number]['sources'][number]
type Limiter = ResilienceAnswer['limiters'][number]
type Pool = ResilienceAnswer['pools'][number]

export function Resilience(): JSX.Element {
  const { data, problem } = useAnswer<ResilienceAnswer>('resilience')
  if (data === undefined) return <Waiting problem={problem} />
  return (
    <div class="page">
      <Outdated problem={problem} />
      <Breakers breakers={data.breakers} />
      <Transitions />
      {data.liveData.map(({ service, name, sources }) => (
        <Panel
          key={`${service} ${name}`}
          title={`Live data: ${visible(name)}`}
          note={`in ${visible(service)}`}
        >
          <Table
            label={`Sources of ${name} in ${service}`}
            columns={sourceColumns}
            rows={sources}
            rowKey={(source) => source.name}
            name={`sort-${name}`}
          />
        </Panel>
      ))}
      <div class="columns columns-even">
        <Limiters limiters={data.limiters} />
        <Pools pools={data.pools} />
      </div>
    </div>
  )
}

function Breakers({ breakers }: { breakers: readonly BreakerFacts[] }): JSX.Element {
  const open = breakers.filter(({ state }) => state !== 'closed').length
  const note = open === 0 ? `all ${breakers.length} are closed` : `${open} not closed`
  if (breakers.length === 0) {
    return (
      <Panel title="Breakers">
        <Empty icon="resilience" title="No breaker has had anything to do" />
      </Panel>
    )
  }
  return (
    <Panel title="Breakers" note={note}>
      <Table
        label="Breakers"
        columns={breakerColumns}
        rows={[...breakers].sort((a, b) => rankOf(b) - rankOf(a))}
        rowKey={({ process, name }) => `${process} ${name}`}
      />
    </Panel>
  )
}

function rankOf({ state }: BreakerFacts): number {
  return { closed: 0, halfOpen: 1, open: 2 }[state]
}

const breakerColumns: readonly Column<BreakerFacts>[] = [
  {
    id: 'name',
    title: 'Breaker',
    isWide: true,
    by: ({ name }) => name,
    cell: ({ name }) => <Mono text={name} />,
  },
  {
    id: 'service',
    title: 'Service',
    by: ({ service }) => service,
    cell: ({ service }) => <Mono text={service} />,
  },
  {
    id: 'state',
    title: 'State',
    by: ({ state }) => state,
    cell: ({ state }) => <StateOf state={state} />,
  },
  {
    id: 'failures',
    title: 'Failures',
    isNumber: true,
    by: ({ failures }) => failures,
    cell: ({ failures }) => <Num of={failures} />,
  },
  {
    id: 'rejected',
    title: 'Not made',
    isNumber: true,
    hint: 'Calls that it kept from being made',
    by: ({ rejected }) => rejected,
    cell: ({ rejected }) => <Num of={rejected} />,
  },
  {
    id: 'p99',
    title: 'p99',
    isNumber: true,
    by: ({ p99Ms }) => p99Ms,
    cell: ({ p99Ms }) => duration(p99Ms),
  },
]

function Transitions(): JSX.Element {
  const rows = transitions.value.slice(0, 12)
  return (
    <Panel title="Changes" note="of trust, links and breakers, since this page was opened">
      {rows.length === 0 ? (
        <Empty icon="ok" title="Nothing has changed" />
      ) : (
        <ul class="plain lines">
          {rows.map(({ atMs, kind, text }) => (
            <li key={`${atMs} ${text}`}>
              <span class="tabular soft">{time(atMs)}</span> <strong>{kind}</strong> {visible(text)}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

const sourceColumns: readonly Column<Source>[] = [
  {
    id: 'name',
    title: 'Source',
    isWide: true,
    cell: ({ name, kind, isActive }) => (
      <>
        <Mono text={name} /> <span class="soft">{kind}</span>{' '}
        {isActive && (
          <Status tone="ok" isChip>
            in use
          </Status>
        )}
      </>
    ),
  },
  { id: 'state', title: 'State', cell: ({ state }) => <StateOf state={state} /> },
  {
    id: 'age',
    title: 'Last success',
    isNumber: true,
    cell: ({ lastSuccessAgeMs }) => (
      <Num of={lastSuccessAgeMs} as={(ms) => `${duration(ms)} ago`} />
    ),
  },
  {
    id: 'received',
    title: 'Received',
    isNumber: true,
    cell: ({ received }) => <Num of={received} />,
  },
  {
    id: 'failures',
    title: 'Failures',
    isNumber: true,
    cell: ({ failures }) => <Num of={failures} />,
  },
  {
    id: 'switches',
    title: 'Switched to',
    isNumber: true,
    hint: 'How often it became the one in use',
    cell: ({ activations }) => <Num of={activations} />,
  },
  { id: 'p99', title: 'p99', isNumber: true, cell: ({ p99Ms }) => duration(p99Ms) },
  {
    id: 'error',
    title: 'Last error',
    cell: ({ lastError }) => (lastError === undefined ? '' : <Mono text={lastError} max={120} />),
  },
]

const limiterColumns: readonly Column<Limiter>[] = [
  { id: 'name', title: 'Limit', cell: ({ name }) => <Mono text={name} /> },
  { id: 'service', title: 'Service', cell: ({ service }) => <Mono text={service} /> },
  { id: 'granted', title: 'Granted', isNumber: true, cell: ({ granted }) => <Num of={granted} /> },
  {
    id: 'refused',
    title: 'Refused',
    isNumber: true,
    cell: ({ refused }) =>
      refused > 0 ? <Status tone="warn">{count(refused)}</Status> : <Num of={refused} />,
  },
]

function Limiters({ limiters }: { limiters: readonly Limiter[] }): JSX.Element {
  return (
    <Panel title="Rate limits">
      {limiters.length === 0 ? (
        <Empty title="No limit is in use" />
      ) : (
        <Table
          label="Rate limits"
          columns={limiterColumns}
          rows={limiters}
          rowKey={({ service, name }) => `${service} ${name}`}
        />
      )}
    </Panel>
  )
}

function Pools({ pools }: { pools: readonly Pool[] }): JSX.Element {
  return (
    <Panel title="Database pools">
      {pools.length === 0 ? (
        <Empty title="No service tells of a pool" />
      ) : (
        <ul class="pools">
          {pools.map(({ service, pool }) => (
            <li key={service}>
              <Mono text={service} />
              <Meter
                label={`Connections in use in ${service}`}
                share={pool.max === 0 ? undefined : pool.used / pool.max}
                marks={[0.8, 1]}
              />
              <span class="soft">
                {count(pool.used)} of {count(pool.max)} in use, {count(pool.waiting)} waiting ·
                query p95 {duration(pool.queryP95Ms)} · wait p95 {duration(pool.waitP95Ms)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
