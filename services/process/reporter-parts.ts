/**
 * What a service tells of itself beside its cache: its pages, its pool, and what it has opened to
 * keep things warm or to follow live data. It is asked every few seconds, by the reporter and by
 * whoever scrapes metrics.
 */
import type { Reporter, ReporterParts } from 'staleproof/ops'
import type { PredictorReport, PreloadReport, Warmer } from 'staleproof/warm'
import type { MarketData } from '../caches/market-data-layer.ts'
import type { DatabasePool } from '../database/pool.ts'
import { poolFacts } from '../database/pool-facts.ts'
import type { TypedServer } from './http-server.ts'
import { countPages } from './reporter-pages.ts'

export class ServiceParts {
  readonly #pages: () => ReporterParts['pages']
  readonly #pool: DatabasePool | undefined
  readonly #others: (() => ReporterParts)[] = []
  #reporter: Reporter | undefined

  /** Before any route is added to the server. */
  constructor(app: TypedServer, pool?: DatabasePool) {
    this.#pages = countPages(app)
    this.#pool = pool
  }

  /** All that was added by then, each time it is asked. */
  readonly read = (): ReporterParts => {
    const database = this.#pool && poolFacts(this.#pool.use)
    const parts: ReporterParts = { pages: this.#pages(), database }
    return Object.assign({}, parts, ...this.#others.map((other) => other()))
  }

  /** What is advised; undefined before there is a reporter, and where another process knows. */
  readonly scaling = (): ReturnType<Reporter['scaling']> => this.#reporter?.scaling()

  reportedBy(reporter: Reporter): void {
    this.#reporter = reporter
  }

  add(other: () => ReporterParts): void {
    this.#others.push(other)
  }
}

export function warmingFacts(warmer: Warmer): NonNullable<ReporterParts['warming']> {
  const { name, standing, loads, running, waiting, tasks } = warmer.report()
  const { everyMs } = warmer
  return {
    name,
    standing,
    loads,
    running,
    waiting,
    tasks: tasks.map((task) => ({ ...task, everyMs })),
  }
}

export function preloadFacts(report: PreloadReport): NonNullable<ReporterParts['preloading']> {
  const { activeGroups, dropped } = report
  const families = Object.entries(report.families).map(([name, { preloads, usedPreloads }]) => {
    return [name, { loaded: preloads, used: usedPreloads }]
  })
  return { activeGroups, dropped, families: Object.fromEntries(families) }
}

export function predictionFacts(report: PredictorReport): NonNullable<ReporterParts['prediction']> {
  const { state, precision, preloads, used, wasted } = report
  return { state, precision, preloads, used, wasted }
}

export function liveDataFacts(data: MarketData): NonNullable<ReporterParts['liveData']>[string] {
  return data.stats().sources.map((source) => {
    const { name, kind, state, isActive, lastSuccessAgeMs, lastError } = source
    const { received, failures, activations, latency } = source
    return {
      ...{ name, kind, state, isActive, lastSuccessAgeMs, lastError },
      ...{ received, failures, activations, p99Ms: latency.p99Ms },
    }
  })
}
