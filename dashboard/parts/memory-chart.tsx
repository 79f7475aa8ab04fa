/** Memory over time: of a server, or of each node of a Cluster, since a node fills up alone. */
import type { JSX } from 'preact'
import type { SeriesAnswer } from 'staleproof/ops'
import { lastOf, type Values } from '../state/series.ts'
import { bytes, plural, timeShort } from '../text/format.ts'
import { visible } from '../text/visible.ts'
import { Chart, type Series } from './chart.tsx'

type NodeLines = SeriesAnswer['nodes'][string]

interface Props {
  readonly series: SeriesAnswer
}

export function MemoryChart({ series }: Props): JSX.Element {
  const isCluster = Object.keys(series.nodes).length > 0
  return isCluster ? <MemoryOfNodes series={series} /> : <MemoryOfOne series={series} />
}

function MemoryOfOne({ series: { series, timesMs } }: Props): JSX.Element {
  const limit = lastOf(series.maxBytes)
  const lines = [{ name: 'used', values: series.usedBytes }]
  if (limit) lines.push({ name: 'limit', values: series.maxBytes })
  const now = bytes(lastOf(series.usedBytes))
  return (
    <Chart
      title="Memory"
      summary={`${now} used${limit ? `, ${bytes(limit)} at most` : ''}.`}
      timesMs={timesMs}
      format={bytes}
      isBinary
      series={lines}
    />
  )
}

function MemoryOfNodes({ series: answer }: Props): JSX.Element {
  const { timesMs } = answer
  const rows = Object.entries(answer.nodes)
  const newest = Math.max(...rows.map(([, { usedBytes }]) => lastPlace(usedBytes)))
  const lines: Series[] = rows.map(([address, { usedBytes }]) => {
    const until = lastPlace(usedBytes)
    const isSilent = until >= 0 && until < newest
    const note = isSilent ? ` until ${timeShort(timesMs[until])}` : ''
    return { name: visible(address) + note, values: usedBytes }
  })
  const limit = timesMs.map((_, place) => commonLimit(rows, place))
  if (lastOf(limit) !== undefined) lines.push({ name: 'limit of each', values: limit })
  return (
    <Chart
      title="Memory of each node"
      summary={summaryOf(answer, newest)}
      timesMs={timesMs}
      format={bytes}
      isBinary
      series={lines}
    />
  )
}

/** All are added up only where all have answered. */
function summaryOf({ nodes, nodesOmitted, series }: SeriesAnswer, newest: number): string {
  const rows = Object.entries(nodes).map(([address, { usedBytes }]) => {
    return { address, used: usedBytes[newest] ?? 0 }
  })
  const fullest = rows.reduce((most, row) => (row.used > most.used ? row : most))
  const all = series.usedBytes[newest] ?? undefined
  const together = all === undefined ? 'What all use is not known' : `${bytes(all)} used by all`
  const most = `${bytes(fullest.used)} by ${visible(fullest.address)}, the most`
  const left = nodesOmitted === 0 ? '' : ` ${plural(nodesOmitted, 'more node')} without a line.`
  return `${together}, ${most}.${left}`
}

/** Null: they do not agree, or have none. */
function commonLimit(rows: readonly (readonly [string, NodeLines])[], place: number) {
  const limits = rows.flatMap(([, { usedBytes, maxBytes }]) => {
    return (usedBytes[place] ?? null) === null ? [] : [maxBytes[place] ?? null]
  })
  const [first = null, ...others] = new Set(limits)
  return others.length === 0 ? first : null
}

/** -1: nothing is known. */
function lastPlace(values: Values): number {
  return values.findLastIndex((value) => value !== null)
}
