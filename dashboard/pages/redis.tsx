/** The server: what fills it, what it spends its time on, who is connected. */
import type { JSX } from 'preact'
import type { RedisAnswer, SeriesAnswer, ServerFigures } from 'staleproof/ops'
import { Bars } from '../parts/bars.tsx'
import { Chart } from '../parts/chart.tsx'
import { Figure, Meter, Mono, Num } from '../parts/figures.tsx'
import { Filter } from '../parts/filter.tsx'
import { MemoryChart } from '../parts/memory-chart.tsx'
import { NodeTable } from '../parts/node-table.tsx'
import { Empty, Outdated, Panel, Waiting } from '../parts/panel.tsx'
import { Status } from '../parts/status.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { useAnswer } from '../state/answer.ts'
import { route } from '../state/route.ts'
import { lastOf, maxOf, useSeries } from '../state/series.ts'
import { bytes, count, duration, percent, perSecond, time } from '../text/format.ts'
import { visible } from '../text/visible.ts'

type Command = RedisAnswer['commands'][number]
type Slow = RedisAnswer['slow'][number]

const commandsMax = 16

export function Redis(): JSX.Element {
  const { data, problem } = useAnswer<RedisAnswer>('redis')
  const { data: series } = useSeries()
  if (data === undefined) return <Waiting problem={problem} />
  const { server, withheld } = data
  return (
    <div class="page">
      <Outdated problem={problem} />
      {withheld.length > 0 && (
        <p class="notice notice-info">
          <Status tone="info">The server does not tell: {withheld.map(visible).join(', ')}</Status>
        </p>
      )}
      {server === undefined ? (
        <Empty icon="redis" title="The server does not answer" />
      ) : (
        <ServerRow server={server} />
      )}
      {data.nodesTotal > 1 && <NodeTable nodes={data.nodes} total={data.nodesTotal} />}
      {series !== undefined && (
        <div class="columns columns-even">
          <MemoryChart series={series} />
          <LatencyChart series={series} />
        </div>
      )}
      <div class="columns columns-even">
        <Commands commands={data.commands} />
        <div class="stack">
          {server?.keysByFamily !== undefined && <KeysByFamily server={server} />}
          <Clients clients={data.clients} />
          <Slowest slow={data.slow} />
        </div>
      </div>
      <Info info={data.info} node={data.nodesTotal > 1 ? data.nodes[0] : undefined} />
    </div>
  )
}

function ServerRow({ server }: { server: ServerFigures }): JSX.Element {
  const { keyspaceHits: hits, keyspaceMisses: misses, usedPercent } = server
  const looked = hits === undefined || misses === undefined ? undefined : hits + misses
  return (
    <dl class="figures">
      <Figure label="Version" note={`up ${duration(server.uptimeS * 1000)}`}>
        {visible(server.version)}
      </Figure>
      <Figure
        label="Memory"
        note={limitOf(server)}
        below={
          usedPercent !== undefined && (
            <Meter label="Redis memory" share={usedPercent / 100} marks={[0.8, 0.9]} />
          )
        }
      >
        <Num of={server.usedBytes} as={bytes} name="used-bytes" />
      </Figure>
      <Figure label="Keys">
        <Num of={server.keys} name="keys" />
      </Figure>
      <Figure label="Found of looked up" note={`${count(misses)} not found`}>
        <Num of={looked && hits !== undefined ? hits / looked : undefined} as={percent} />
      </Figure>
      <Figure label="Evicted" note={`${count(server.evictionsPerHour)} per hour`}>
        <Num of={server.evictedKeys} name="evicted" />
      </Figure>
      <Figure label="Calls" note="per second">
        <Num of={server.opsPerSecond} as={perSecond} name="ops" />
      </Figure>
    </dl>
  )
}

function limitOf({ usedBytes, maxBytes, policy }: ServerFigures): string {
  if (usedBytes === undefined) return 'not known of all'
  return maxBytes ? `of ${bytes(maxBytes)}, ${policy ?? ''}` : 'no limit is set'
}

function LatencyChart({ series: { series, timesMs } }: { series: SeriesAnswer }): JSX.Element {
  const worst = maxOf(series.redisP95Ms)
  return (
    <Chart
      title="Latency of calls, p95"
      summary={`${duration(lastOf(series.redisP95Ms))} now, at most ${duration(worst)}.`}
      timesMs={timesMs}
      format={duration}
      series={[{ name: 'p95', values: series.redisP95Ms }]}
    />
  )
}

function KeysByFamily({ server }: { server: ServerFigures }): JSX.Element {
  const bars = Object.entries(server.keysByFamily ?? {})
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => b.value - a.value)
  return (
    <Panel
      title="Keys by family"
      note={server.isSampled ? 'extrapolated from a bounded sample' : 'counted'}
    >
      <Bars label="Keys by family" bars={bars} isEstimate={server.isSampled} />
    </Panel>
  )
}

function Clients({ clients }: { clients: RedisAnswer['clients'] }): JSX.Element {
  const bars = clients
    .map(({ name, count: value }) => ({ name: name === '' ? '(no name)' : name, value }))
    .sort((a, b) => b.value - a.value)
  return (
    <Panel title="Connections by service">
      {bars.length === 0 ? (
        <Empty title="The server does not tell" />
      ) : (
        <Bars label="Connections" bars={bars} />
      )}
    </Panel>
  )
}

const commandColumns: readonly Column<Command>[] = [
  {
    id: 'name',
    title: 'Command',
    by: ({ name }) => name,
    cell: ({ name }) => <Mono text={name} />,
  },
  {
    id: 'calls',
    title: 'Calls',
    isNumber: true,
    by: ({ calls }) => calls,
    cell: ({ calls }) => <Num of={calls} />,
  },
  {
    id: 'each',
    title: 'Each',
    isNumber: true,
    by: ({ usPerCall }) => usPerCall,
    cell: ({ usPerCall }) => duration(usPerCall / 1000),
  },
  {
    id: 'total',
    title: 'Together',
    isNumber: true,
    by: totalUs,
    cell: (command) => duration(totalUs(command) / 1000),
  },
]

function totalUs({ calls, usPerCall }: Command): number {
  return calls * usPerCall
}

function Commands({ commands }: { commands: readonly Command[] }): JSX.Element {
  const costly = [...commands].sort((a, b) => totalUs(b) - totalUs(a)).slice(0, commandsMax)
  const others = commands.length - costly.length
  return (
    <Panel
      title="Commands by time"
      note={others > 0 ? `the ${commandsMax} that took most, of ${commands.length}` : undefined}
    >
      {commands.length === 0 ? (
        <Empty title="The server does not tell" />
      ) : (
        <Table
          label="Commands"
          columns={commandColumns}
          rows={costly}
          rowKey={({ name }) => name}
          sort="-total"
        />
      )}
    </Panel>
  )
}

const slowColumns: readonly Column<Slow>[] = [
  { id: 'at', title: 'Time', cell: ({ atMs }) => <span class="tabular">{time(atMs)}</span> },
  { id: 'took', title: 'Took', isNumber: true, cell: ({ us }) => duration(us / 1000) },
  {
    id: 'command',
    title: 'Command',
    isWide: true,
    cell: ({ command }) => <Mono text={command} max={140} />,
  },
  { id: 'client', title: 'Client', cell: ({ client }) => <Mono text={client} max={60} /> },
]

function Slowest({ slow }: { slow: readonly Slow[] }): JSX.Element {
  return (
    <Panel title="Slow log">
      {slow.length === 0 ? (
        <Empty icon="ok" title="No call was slow" />
      ) : (
        <Table
          label="Slow log"
          columns={slowColumns}
          rows={slow}
          rowKey={({ node, id }) => `${node} ${id}`}
        />
      )}
    </Panel>
  )
}

interface InfoProps {
  readonly info: RedisAnswer['info']
  /** Whose it is, where there are several. */
  readonly node: RedisAnswer['nodes'][number] | undefined
}

function Info({ info, node }: InfoProps): JSX.Element {
  const title = node === undefined ? 'What INFO says' : `What INFO of ${visible(node.address)} says`
  const asked = (route.value.query.q ?? '').toLowerCase()
  return (
    <Panel title={title} actions={<Filter label="Filter fields" />}>
      {Object.entries(info).map(([section, fields]) => {
        const rows = Object.entries(fields).filter(([name]) => name.toLowerCase().includes(asked))
        return (
          rows.length > 0 && (
            <details key={section} class="info" open={asked !== ''}>
              <summary data-row>
                {visible(section)} <span class="soft">{rows.length}</span>
              </summary>
              <dl class="facts">
                {rows.map(([name, value]) => (
                  <div key={name} class="contents">
                    <dt>{visible(name)}</dt>
                    <dd>
                      <Mono text={value} />
                    </dd>
                  </div>
                ))}
              </dl>
            </details>
          )
        )
      })}
    </Panel>
  )
}
