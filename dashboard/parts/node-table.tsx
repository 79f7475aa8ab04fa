/** What each primary of a Cluster has: one that is full is no less full for the others. */
import type { JSX } from 'preact'
import type { RedisAnswer } from 'staleproof/ops'
import { bytes, duration, percent, perSecond } from '../text/format.ts'
import { visible } from '../text/visible.ts'
import { Mono, Num } from './figures.tsx'
import { Panel } from './panel.tsx'
import { type Column, Table } from './table.tsx'

type Node = RedisAnswer['nodes'][number]

interface NodeTableProps {
  /** That answer. */
  readonly nodes: readonly Node[]
  readonly total: number
}

export function NodeTable({ nodes, total }: NodeTableProps): JSX.Element {
  const note =
    nodes.length === total
      ? `${total} primaries; the numbers above are of all`
      : `${nodes.length} of ${total} primaries answer; what all have together is not known`
  return (
    <Panel title="Nodes" note={note}>
      <Table
        label="Nodes"
        columns={columns}
        rows={nodes}
        rowKey={({ address }) => address}
        name="nodes"
        sort="address"
      />
    </Panel>
  )
}

const columns: readonly Column<Node>[] = [
  {
    id: 'address',
    title: 'Node',
    by: ({ address }) => address,
    cell: ({ address }) => <Mono text={address} max={60} />,
  },
  {
    id: 'version',
    title: 'Version',
    by: ({ version }) => version,
    cell: ({ version }) => visible(version),
  },
  {
    id: 'up',
    title: 'Up',
    isNumber: true,
    by: ({ uptimeS }) => uptimeS,
    cell: ({ uptimeS }) => duration(uptimeS * 1000),
  },
  {
    id: 'memory',
    title: 'Memory',
    isNumber: true,
    by: ({ usedBytes }) => usedBytes,
    cell: ({ usedBytes }) => <Num of={usedBytes} as={bytes} />,
  },
  {
    id: 'full',
    title: 'Of its limit',
    isNumber: true,
    by: ({ usedPercent }) => usedPercent,
    cell: ({ usedPercent }) => (
      <Num of={usedPercent === undefined ? undefined : usedPercent / 100} as={percent} />
    ),
  },
  { id: 'keys', title: 'Keys', isNumber: true, by: ({ keys }) => keys, cell: numberOf('keys') },
  {
    id: 'evicted',
    title: 'Evicted',
    isNumber: true,
    by: ({ evictedKeys }) => evictedKeys,
    cell: numberOf('evictedKeys'),
  },
  {
    id: 'clients',
    title: 'Connections',
    isNumber: true,
    by: ({ clients }) => clients,
    cell: numberOf('clients'),
  },
  {
    id: 'calls',
    title: 'Calls per second',
    isNumber: true,
    by: ({ opsPerSecond }) => opsPerSecond,
    cell: ({ opsPerSecond }) => <Num of={opsPerSecond} as={perSecond} />,
  },
]

function numberOf(field: 'keys' | 'evictedKeys' | 'clients') {
  return (node: Node): JSX.Element => <Num of={node[field]} />
}
