/** Samples as lines of a chart: equal steps, with nothing where nobody counted. */
import { sumOf } from '../../inspect/index.ts'
import type { HistoryCount, HistorySample, InfoFields } from './history-sample.ts'
import { stepMs as sampleMs } from './history-stream.ts'
import { nodesMax } from './server-reading.ts'

/** What is drawn of servers. */
export type ServerSeriesName = 'usedBytes' | 'maxBytes' | 'evictions' | 'clients' | 'opsPerSecond'

export type SeriesName = HistoryCount | ServerSeriesName | 'redisP95Ms' | 'lagP99Ms'

type Line = readonly (number | null)[]

export interface HistorySeries {
  readonly stepMs: number
  /** The ends of the steps, oldest first. */
  readonly timesMs: readonly number[]
  /** Of a Cluster with sums of its primaries, which are not known where one did not answer. */
  readonly series: Readonly<Record<SeriesName, Line>>
  /** Hit ratio of each family. */
  readonly families: Readonly<Record<string, Line>>
  /** Of a Cluster by the address of a node, those of the newest sample first; else empty. */
  readonly nodes: Readonly<Record<string, Readonly<Record<ServerSeriesName, Line>>>>
  /** Nodes beyond the bound, which have no lines; while there are such, no sum is known. */
  readonly nodesOmitted: number
}

/** Steps of a line, at most. */
const stepsMax = 360

/** A sample with the one before it: counters of the server are told by their difference. */
interface Point {
  readonly sample: HistorySample
  readonly before: HistorySample | undefined
}

interface Range {
  readonly rangeMs: number
  readonly nowMs: number
}

export function seriesOf(samples: readonly HistorySample[], range: Range): HistorySeries {
  const { stepMs, timesMs, buckets } = stepsOf(samples, range)
  const line: Draw = (value, join) =>
    buckets.map((points) => join(points.flatMap((point) => value(point) ?? [])))
  const count = (name: HistoryCount) => line(({ sample }) => sample.counts[name], sum)
  const families: Record<string, Line> = {}
  for (const name of new Set(samples.flatMap((sample) => Object.keys(sample.families)))) {
    families[name] = line(({ sample }) => sample.families[name], mean)
  }
  const { addresses, omitted } = nodesIn(samples)
  const nodes = addresses.map((address) => {
    return [address, serverLines(line, (sample) => oneOf(sample, address))] as const
  })
  const isCluster = addresses.length > 0
  return {
    ...{ stepMs, timesMs, families },
    series: {
      memoryHits: count('memoryHits'),
      redisHits: count('redisHits'),
      loads: count('loads'),
      invalidations: count('invalidations'),
      staleReads: count('staleReads'),
      redisP95Ms: line(({ sample }) => sample.redisP95Ms, last),
      lagP99Ms: line(({ sample }) => sample.lagP99Ms, last),
      ...serverLines(line, (sample) => (isCluster ? allOf(sample) : { '': sample.server })),
    },
    nodes: Object.fromEntries(nodes),
    nodesOmitted: omitted,
  }
}

function stepsOf(samples: readonly HistorySample[], { rangeMs, nowMs }: Range) {
  const stepMs = sampleMs * Math.max(1, Math.ceil(rangeMs / sampleMs / stepsMax))
  const steps = Math.max(1, Math.floor(rangeMs / stepMs))
  const endMs = Math.ceil(nowMs / stepMs) * stepMs
  const timesMs = Array.from({ length: steps }, (_, at) => endMs - (steps - 1 - at) * stepMs)
  const buckets: Point[][] = timesMs.map(() => [])
  for (const [at, sample] of samples.entries()) {
    const index = steps - 1 - Math.floor((endMs - sample.atMs) / stepMs)
    buckets[index]?.push({ sample, before: samples[at - 1] })
  }
  return { stepMs, timesMs, buckets }
}

/** Nodes come and go: those that are there now have their lines first. */
function nodesIn(samples: readonly HistorySample[]) {
  const newestFirst = [...samples].reverse()
  const found = new Set(newestFirst.flatMap(({ cluster }) => Object.keys(cluster?.nodes ?? {})))
  const addresses = [...found].slice(0, nodesMax)
  const unread = newestFirst.find(({ cluster }) => cluster !== undefined)?.cluster?.omitted ?? 0
  return { addresses, omitted: unread + found.size - addresses.length }
}

/** Servers that a line is drawn of, by address; undefined: not all of them are known. */
type Servers = Readonly<Record<string, InfoFields>> | undefined

function allOf({ cluster }: HistorySample): Servers {
  return cluster?.omitted === 0 ? cluster.nodes : undefined
}

function oneOf({ cluster }: HistorySample, address: string): Servers {
  const fields = cluster?.nodes[address]
  return fields && { [address]: fields }
}

function serverLines(
  line: Draw,
  serversOf: (sample: HistorySample) => Servers,
): Readonly<Record<ServerSeriesName, Line>> {
  const field = (name: string) => {
    return line(({ sample }) => sumOf(valuesOf(serversOf(sample), name)), last)
  }
  return {
    usedBytes: field('used_memory'),
    maxBytes: line(({ sample }) => limitOf(serversOf(sample)), last),
    clients: field('connected_clients'),
    opsPerSecond: field('instantaneous_ops_per_sec'),
    evictions: line(({ sample, before }) => {
      return evictionsIn(serversOf(sample), before && serversOf(before))
    }, sum),
  }
}

function valuesOf(servers: Servers, field: string): readonly (number | undefined)[] {
  return Object.values(servers ?? {}).map((fields) => fields[field])
}

/** 0 is no limit, and where one server has none, all together have none. */
function limitOf(servers: Servers): number | undefined {
  return sumOf(valuesOf(servers, 'maxmemory').map((bytes) => bytes || undefined))
}

/** Undefined: it is the first look at a server, or it was restarted. */
function evictionsIn(now: Servers, before: Servers): number | undefined {
  const rises = Object.entries(now ?? {}).map(([address, { evicted_keys: count }]) => {
    const then = before?.[address]?.evicted_keys
    return count === undefined || then === undefined || count < then ? undefined : count - then
  })
  return sumOf(rises)
}

type Draw = (value: (point: Point) => number | undefined, join: Join) => Line

type Join = (numbers: readonly number[]) => number | null

function sum(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : numbers.reduce((total, one) => total + one, 0)
}

function mean(numbers: readonly number[]): number | null {
  const total = sum(numbers)
  return total === null ? null : total / numbers.length
}

function last(numbers: readonly number[]): number | null {
  return numbers.at(-1) ?? null
}
