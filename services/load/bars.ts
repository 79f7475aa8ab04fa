/** What has to be true of a run, and whether it was. */
import { hitRate } from './cache-counts.ts'
import { readKinds } from './mix.ts'
import { answeredIn, endpointIn, type LoadReport } from './report.ts'

export interface Bar {
  readonly name: string
  readonly wanted: string
  readonly measured: string
  /** `undefined`: could not be measured here. */
  readonly isMet: boolean | undefined
}

/** What the source documents ask for are 90 to 95, 70, 85 and 95 per cent. */
const hitRates = { price: 0.97, positions: 0.85, market: 0.95, user: 0.98 }
const timesHealthMax = 3
/** The targets of the source documents, in milliseconds. */
const targetsMs = {
  positions: 200,
  market: 150,
  price: 150,
  marketBatch: 300,
  priceBatch: 300,
} as const
/** A generator that is later than this says nothing about the system. */
const lagMsMax = 5
const queriesShareMax = 0.1
const processorShareMax = 0.5

/** False: the run says nothing, good or bad. */
export function isValid({ generator }: LoadReport): boolean {
  return generator.lagP95Ms <= lagMsMax
}

/** What is true of every run, whatever its rate. */
export function soundness(report: LoadReport): readonly Bar[] {
  const { findings, trades, generator } = report
  const failed = report.endpoints.reduce((sum, { errors }) => sum + errors, 0)
  return [
    none('stale reads', findings.stale),
    none('reads that show what never was', findings.wrong),
    none('failed requests', failed),
    none('requests that could not be sent', generator.dropped),
    none('users whose positions are not their accepted trades', trades.unlike),
  ]
}

export function targets(report: LoadReport): readonly Bar[] {
  return Object.entries(targetsMs).map(([name, targetMs]) => {
    const p95Ms = endpointIn(report, name)?.p95Ms
    return atMost({ name: `p95 of ${name}`, limit: targetMs, value: p95Ms, unit: ' ms' })
  })
}

/** What the cache has to make of it. */
export function merits(report: LoadReport): readonly Bar[] {
  const healthMs = endpointIn(report, 'health')?.p95Ms
  const limit = healthMs === undefined ? Number.NaN : timesHealthMax * healthMs
  const beside = readKinds.map((name) => {
    const value = endpointIn(report, name)?.p95Ms
    const title = `p95 of ${name} beside ${timesHealthMax} × that of /health`
    return atMost({ name: title, limit, value, unit: ' ms' })
  })
  const rates = Object.entries(hitRates).map(([family, wanted]): Bar => {
    const counts = report.caches?.[family]
    const rate = counts && hitRate(counts)
    return {
      name: `hit rate of ${family}`,
      wanted: `at least ${percent(wanted)}`,
      measured: rate === undefined ? 'not measured' : percent(rate),
      isMet: rate === undefined ? undefined : rate >= wanted,
    }
  })
  return [...rates, ...beside]
}

/** Of two runs at one rate: what the cache saves. */
export function savings(cached: LoadReport, uncached: LoadReport): readonly Bar[] {
  const share = (cost: (report: LoadReport) => number | undefined): number | undefined => {
    const [less, more] = [cost(cached), cost(uncached)]
    if (less === undefined || more === undefined || more === 0) return undefined
    return less / answeredIn(cached) / (more / answeredIn(uncached))
  }
  const processorMs = ({ cost: { apiMs, databaseMs } }: LoadReport): number | undefined =>
    apiMs === undefined || databaseMs === undefined ? undefined : apiMs + databaseMs
  return [
    none('reads that the cache answered although it was off', uncached.loadsAvoided),
    shareBar(
      'queries',
      queriesShareMax,
      share(({ cost }) => cost.queries),
    ),
    shareBar('CPU of API and PostgreSQL per request', processorShareMax, share(processorMs)),
  ]
}

function none(name: string, count: number | undefined): Bar {
  if (count === undefined) return { name, wanted: '0', measured: 'not measured', isMet: undefined }
  return { name, wanted: '0', measured: String(count), isMet: count === 0 }
}

interface Limit {
  readonly name: string
  readonly limit: number
  readonly value: number | undefined
  readonly unit: string
}

function atMost({ name, limit, value, unit }: Limit): Bar {
  const wanted = Number.isNaN(limit) ? 'not measured' : `at most ${limit.toFixed(1)}${unit}`
  if (value === undefined || Number.isNaN(limit)) {
    return { name, wanted, measured: 'not measured', isMet: undefined }
  }
  return { name, wanted, measured: `${value.toFixed(1)}${unit}`, isMet: value <= limit }
}

function shareBar(what: string, limit: number, share: number | undefined): Bar {
  return {
    name: `${what}, of what they are without the cache`,
    wanted: `at most ${percent(limit)}`,
    measured: share === undefined ? 'not measured' : percent(share),
    isMet: share === undefined ? undefined : share <= limit,
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
