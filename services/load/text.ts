/** A report and its verdict for people. */
import type { Bar } from './bars.ts'
import { hitRate } from './cache-counts.ts'
import { answeredIn, type LoadReport } from './report.ts'

export function reportLines(report: LoadReport): readonly string[] {
  const { requestsPerSecond, seconds, seed } = report
  return [
    `${requestsPerSecond} requests a second for ${seconds.toFixed(0)} s, seed ${seed}`,
    '',
    ...endpointLines(report),
    ...report.failures.map((failure) => `  failed: ${failure}`),
    '',
    ...cacheLines(report),
    '',
    ...costLines(report),
    ...otherLines(report),
  ]
}

export function barLines(bars: readonly Bar[]): readonly string[] {
  return bars.map(({ name, wanted, measured, isMet }) => {
    const mark = isMet === undefined ? '?' : isMet ? '✓' : '✗'
    return `  ${mark} ${name}: ${measured} (${wanted})`
  })
}

function endpointLines({ endpoints }: LoadReport): readonly string[] {
  const head = row(['endpoint', 'requests', 'errors', 'p50 ms', 'p95 ms', 'p99 ms'])
  const rows = endpoints.map(({ name, count, errors, p50Ms, p95Ms, p99Ms }) =>
    row([name, String(count), String(errors), ...[p50Ms, p95Ms, p99Ms].map((ms) => ms.toFixed(1))]),
  )
  return [head, ...rows]
}

function cacheLines({ caches, loadsAvoided }: LoadReport): readonly string[] {
  if (caches === undefined) return ['hit rates: not measured']
  const head = row(['family', 'hits', 'misses', 'hit rate', 'loads'])
  const rows = Object.entries(caches).map(([family, counts]) => {
    const share = ((hitRate(counts) ?? 0) * 100).toFixed(1)
    const { hits, misses, loads } = counts
    return row([family, String(hits), String(misses), `${share} %`, String(loads)])
  })
  return [head, ...rows, `loads avoided: ${loadsAvoided}`]
}

function costLines(report: LoadReport): readonly string[] {
  const { queries, readQueries, transactions, redisCommands, apiMs, databaseMs } = report.cost
  const requests = answeredIn(report)
  return [
    `queries of the API: ${perRequest(queries, requests)}`,
    `of these outside of transactions: ${perRequest(readQueries, requests)}`,
    `transactions of the database: ${perRequest(transactions, requests)}`,
    `commands of Redis: ${perRequest(redisCommands, requests)}`,
    `CPU of the API: ${perRequest(apiMs, requests, ' ms')}`,
    `CPU of PostgreSQL: ${perRequest(databaseMs, requests, ' ms')}`,
  ]
}

function otherLines({ trades, priceUpdates, findings, generator }: LoadReport): readonly string[] {
  const { accepted, refused } = trades
  return [
    `trades: ${accepted} accepted, ${refused} refused by the market`,
    `price updates: ${priceUpdates}`,
    `reads compared with what was committed: ${findings.judged}, stale: ${findings.stale}`,
    ...findings.examples.map((example) => `  ${example}`),
    `generator: ${generator.lagP95Ms.toFixed(1)} ms late at the 95th percentile, ` +
      `${generator.lagMaxMs.toFixed(1)} ms at most`,
  ]
}

function perRequest(total: number | undefined, requests: number, unit = ''): string {
  if (total === undefined) return 'not measured'
  return `${total}${unit}, ${(total / requests).toFixed(3)}${unit} a request`
}

function row([first = '', ...others]: readonly string[]): string {
  return `  ${first.padEnd(18)}${others.map((cell) => cell.padStart(10)).join('')}`
}
