/** Samples as lines of a chart: equal steps, with nothing where nobody counted. */
import type { HistoryCount, HistorySample } from './history-sample.ts'
import { stepMs as sampleMs } from './history-stream.ts'

export type SeriesName =
  | HistoryCount
  | 'redisP95Ms'
  | 'usedBytes'
  | 'maxBytes'
  | 'evictions'
  | 'clients'
  | 'opsPerSecond'
  | 'lagP99Ms'

type Line = readonly (number | null)[]

export interface HistorySeries {
  readonly stepMs: number
  /** The ends of the steps, oldest first. */
  readonly timesMs: readonly number[]
  readonly series: Readonly<Record<SeriesName, Line>>
  /** Hit ratio of each family. */
  readonly families: Readonly<Record<string, Line>>
}

/** Steps of a line, at most. */
const stepsMax = 360

/** A sample with the one before it: counters of the server are told by their difference. */
interface Point {
  readonly sample: HistorySample
  readonly before: HistorySample | undefined
}

export function seriesOf(
  samples: readonly HistorySample[],
  { rangeMs, nowMs }: { readonly rangeMs: number; readonly nowMs: number },
): HistorySeries {
  const stepMs = sampleMs * Math.max(1, Math.ceil(rangeMs / sampleMs / stepsMax))
  const steps = Math.max(1, Math.floor(rangeMs / stepMs))
  const endMs = Math.ceil(nowMs / stepMs) * stepMs
  const timesMs = Array.from({ length: steps }, (_, at) => endMs - (steps - 1 - at) * stepMs)
  const buckets: Point[][] = timesMs.map(() => [])
  for (const [at, sample] of samples.entries()) {
    const index = steps - 1 - Math.floor((endMs - sample.atMs) / stepMs)
    buckets[index]?.push({ sample, before: samples[at - 1] })
  }
  const line = (value: (point: Point) => number | undefined, join: Join): Line =>
    buckets.map((points) => join(points.flatMap((point) => value(point) ?? [])))
  const count = (name: HistoryCount) => line(({ sample }) => sample.counts[name], sum)
  const field = (name: string) => line(({ sample }) => sample.server[name], last)
  const families: Record<string, Line> = {}
  for (const name of new Set(samples.flatMap((sample) => Object.keys(sample.families)))) {
    families[name] = line(({ sample }) => sample.families[name], mean)
  }
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
      usedBytes: field('used_memory'),
      maxBytes: field('maxmemory'),
      clients: field('connected_clients'),
      opsPerSecond: field('instantaneous_ops_per_sec'),
      evictions: line(evictionsIn, sum),
    },
  }
}

type Join = (numbers: readonly number[]) => number | null

/** Undefined: it is the first, or the server was restarted. */
function evictionsIn({ sample, before }: Point): number | undefined {
  const [now, then] = [sample.server.evicted_keys, before?.server.evicted_keys]
  return now === undefined || then === undefined || now < then ? undefined : now - then
}

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
