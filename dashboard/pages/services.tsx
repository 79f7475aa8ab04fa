/** Who is connected, with which version and catalog, and whether they agree. */
import type { JSX } from 'preact'
import type { FamilyDifference, ProcessRow, ServicesAnswer } from 'staleproof/ops'
import { Dialog } from '../parts/dialog.tsx'
import { Meter, Mono, Num } from '../parts/figures.tsx'
import { JsonTree } from '../parts/json-tree.tsx'
import { Empty, Outdated, Panel, Waiting } from '../parts/panel.tsx'
import { StateOf, Status } from '../parts/status.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { useAnswer } from '../state/answer.ts'
import { route, setQuery } from '../state/route.ts'
import { bytes, count, dateTime, duration, plural } from '../text/format.ts'
import { visible } from '../text/visible.ts'

/** Facts come every five seconds; one may be late. */
const silentMs = 12_000

export function Services(): JSX.Element {
  const { data, problem } = useAnswer<ServicesAnswer>('services')
  if (data === undefined) return <Waiting problem={problem} />
  const shown = data.processes.find(({ facts }) => facts.process === route.value.query.process)
  const services = new Set(data.processes.map(({ facts }) => facts.service)).size
  const running = plural(data.processes.length, 'process', 'processes')
  return (
    <div class="page">
      <Outdated problem={problem} />
      <Differences differences={data.differences} />
      <Panel title="Processes" note={`${running} of ${plural(services, 'service')}`}>
        {data.processes.length === 0 ? (
          <Empty icon="services" title="No process has told of itself yet">
            Each tells every five seconds, and is forgotten soon after its last word.
          </Empty>
        ) : (
          <Table
            label="Processes"
            columns={columns}
            rows={data.processes}
            rowKey={({ facts }) => facts.process}
            sort="service"
            onOpen={({ facts }) => setQuery({ process: facts.process })}
          />
        )}
      </Panel>
      {shown !== undefined && (
        <Detail row={shown} onClose={() => setQuery({ process: undefined })} />
      )}
    </div>
  )
}

interface DifferencesProps {
  readonly differences: readonly FamilyDifference[]
}

function Differences({ differences }: DifferencesProps): JSX.Element | null {
  if (differences.length === 0) return null
  return (
    <Panel title="Declared differently" note="by services that run at the same time">
      <ul class="plain lines">
        {differences.map(({ family, field, values }) => (
          <li key={`${family} ${field}`}>
            <Status tone="warn">
              <Mono text={family} /> {field}
            </Status>
            :{' '}
            {Object.entries(values).map(([service, value]) => (
              <span key={service} class="pair">
                {visible(service)} <Mono text={value} max={60} />
              </span>
            ))}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

const columns: readonly Column<ProcessRow>[] = [
  {
    id: 'service',
    title: 'Service',
    isOpener: true,
    by: ({ facts }) => facts.service,
    cell: ({ facts }) => (
      <>
        <strong>{visible(facts.service)}</strong>{' '}
        <span class="soft row-note">
          {visible(facts.host)} · {facts.pid}
        </span>
      </>
    ),
  },
  {
    id: 'health',
    title: 'Health',
    by: ({ facts }) => facts.health.state,
    cell: ({ facts, ageMs }) => (
      <span class="stacked">
        <StateOf state={facts.health.state} />
        {ageMs > silentMs && <Status tone="warn">silent for {duration(ageMs)}</Status>}
      </span>
    ),
  },
  {
    id: 'version',
    title: 'Version',
    by: ({ facts }) => facts.version,
    cell: ({ facts }) => (
      <span class="stacked">
        <Mono text={facts.version} />
        <span class="soft">{visible(facts.runtime)}</span>
      </span>
    ),
  },
  {
    id: 'catalog',
    title: 'Catalog',
    by: ({ facts }) => facts.catalog,
    cell: ({ facts }) => <Mono text={facts.catalog} max={16} />,
  },
  {
    id: 'memory',
    title: 'Memory',
    isNumber: true,
    by: ({ facts }) => facts.stats.memory.bytes,
    cell: ({ facts }) => <Memory row={facts.stats.memory} service={facts.service} />,
  },
  {
    id: 'lag',
    title: 'Lag p99',
    isNumber: true,
    by: ({ facts }) => facts.stats.coherence.lag.p99Ms,
    cell: ({ facts: { stats } }) => (
      <Num
        of={stats.coherence.lag.count === 0 ? undefined : stats.coherence.lag.p99Ms}
        as={duration}
      />
    ),
  },
  {
    id: 'pending',
    title: 'Pending',
    isNumber: true,
    hint: 'Invalidations that Redis could not be told about yet',
    by: ({ facts }) => facts.stats.delivery.pending,
    cell: ({ facts: { stats } }) => <Num of={stats.delivery.pending} />,
  },
  {
    id: 'trust',
    title: 'Trust lost',
    isNumber: true,
    hint: 'How often everything that memory held became suspect',
    by: ({ facts }) => facts.stats.trustLosses,
    cell: ({ facts: { stats } }) => <Num of={stats.trustLosses} />,
  },
  {
    id: 'up',
    title: 'Runs for',
    isNumber: true,
    by: ({ facts }) => facts.startedMs,
    cell: ({ facts }) => duration(facts.atMs - facts.startedMs),
  },
]

interface MemoryProps {
  readonly row: ProcessRow['facts']['stats']['memory']
  readonly service: string
}

function Memory({ row, service }: MemoryProps): JSX.Element {
  return (
    <span class="stacked">
      <span>
        {bytes(row.bytes)} <span class="soft">of {bytes(row.bytesMax)}</span>
      </span>
      <Meter
        label={`Memory tier of ${service}`}
        share={row.bytesMax === 0 ? undefined : row.bytes / row.bytesMax}
      />
    </span>
  )
}

function Detail({ row: { facts, ageMs }, onClose }: { row: ProcessRow; onClose: () => void }) {
  return (
    <Dialog title={facts.service} kind="side" onClose={onClose}>
      <dl class="facts">
        <dt>Process</dt>
        <dd>
          <Mono text={facts.process} />
        </dd>
        <dt>Started</dt>
        <dd>{dateTime(facts.startedMs)}</dd>
        <dt>Last heard of</dt>
        <dd>{duration(ageMs)} ago</dd>
        <dt>Health</dt>
        <dd>
          <StateOf state={facts.health.state} /> {facts.health.reasons.map(visible).join(', ')}
        </dd>
        <dt>Entries</dt>
        <dd>{count(facts.stats.memory.entries)} in memory</dd>
      </dl>
      <h3>Everything it tells</h3>
      <JsonTree value={facts.stats} />
    </Dialog>
  )
}
