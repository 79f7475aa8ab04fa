/** What a run has measured, as data. */
import { percentile } from '../tour/staleness.ts'
import type { Arrivals } from './arrivals.ts'
import { type CacheCounts, countsBetween } from './cache-counts.ts'
import type { Reading } from './gauges.ts'
import type { EndpointReport } from './latencies.ts'
import type { Findings } from './witness.ts'

export interface GeneratorReport {
  readonly due: number
  /** Not sent, because too many were under way. */
  readonly dropped: number
  readonly lagP95Ms: number
  readonly lagMaxMs: number
}

/** Totals of the run; `undefined`: could not be measured here. */
export interface CostReport {
  readonly queries: number | undefined
  readonly readQueries: number | undefined
  readonly transactions: number | undefined
  readonly redisCommands: number | undefined
  readonly apiMs: number | undefined
  readonly databaseMs: number | undefined
}

export interface TradeReport {
  readonly accepted: number
  readonly refused: number
  /** Not asked for: everybody who was tried was trading already. */
  readonly skipped: number
  /** Users whose positions in the database are not those of their accepted trades. */
  readonly unlike: number
}

export interface LoadReport {
  readonly seed: number
  readonly requestsPerSecond: number
  readonly seconds: number
  readonly endpoints: readonly EndpointReport[]
  readonly failures: readonly string[]
  readonly generator: GeneratorReport
  readonly trades: TradeReport
  readonly priceUpdates: number
  readonly caches: Readonly<Record<string, CacheCounts>> | undefined
  /** Reads that no source was asked for. */
  readonly loadsAvoided: number | undefined
  /** Since the people came, warm-up and earlier phases included. */
  readonly findings: Findings
  readonly cost: CostReport
}

export function generatorReport(arrivals: readonly Arrivals[]): GeneratorReport {
  const lagsMs = arrivals.flatMap((each) => [...each.lagsMs])
  return {
    due: arrivals.reduce((sum, each) => sum + each.due, 0),
    dropped: arrivals.reduce((sum, each) => sum + each.dropped, 0),
    lagP95Ms: percentile(lagsMs, 0.95),
    lagMaxMs: percentile(lagsMs, 1),
  }
}

export function cachesBetween(before: Reading, after: Reading): LoadReport['caches'] {
  if (before.caches === undefined || after.caches === undefined) return undefined
  return Object.fromEntries(countsBetween(before.caches, after.caches))
}

export function loadsAvoidedOf(caches: LoadReport['caches']): number | undefined {
  if (caches === undefined) return undefined
  return Object.values(caches).reduce((sum, { hits }) => sum + hits, 0)
}

export function costBetween(before: Reading, after: Reading): CostReport {
  const grown = (name: keyof CostReport): number | undefined => {
    const [then, now] = [before[name], after[name]]
    return then === undefined || now === undefined ? undefined : now - then
  }
  return {
    queries: grown('queries'),
    readQueries: grown('readQueries'),
    transactions: grown('transactions'),
    redisCommands: grown('redisCommands'),
    apiMs: grown('apiMs'),
    databaseMs: grown('databaseMs'),
  }
}

/** Requests that were answered, whatever with. */
export function answeredIn({ endpoints }: Pick<LoadReport, 'endpoints'>): number {
  return endpoints.reduce((sum, { count }) => sum + count, 0)
}

export function endpointIn(report: LoadReport, name: string): EndpointReport | undefined {
  return report.endpoints.find((endpoint) => endpoint.name === name)
}
