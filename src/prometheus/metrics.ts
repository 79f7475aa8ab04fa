/** The metrics of one cache in a registry of prom-client: everything is read when it is scraped. */
import { Registry } from 'prom-client'
import type { CacheMethods } from '../core/cache.ts'
import { StaleproofError } from '../core/errors.ts'
import {
  type ExportOptions,
  type InspectionTarget,
  type LabelsOf,
  type MetricName,
  MetricsCollector,
  metrics,
  resolveExport,
  ServerSampler,
  serverMetrics,
} from '../observe/index.ts'
import { registerSeries } from './series-metric.ts'

/** What `openMetrics` takes. */
export interface MetricsOptions extends ExportOptions {
  /** Of the host, where it has one; it holds the metrics of one cache. Default: a new one. */
  readonly register?: Registry | undefined
  /**
   * The Redis server, to be asked for its numbers every 15 s, by the names of redis_exporter.
   * Not where that runs: they would be there twice.
   */
  readonly server?: InspectionTarget | undefined
}

export class Metrics {
  readonly register: Registry
  readonly #collector: MetricsCollector
  readonly #sampler: ServerSampler | undefined
  readonly #names: readonly MetricName[]

  constructor(cache: CacheMethods, options: MetricsOptions) {
    const settings = resolveExport('openMetrics', options, ['register', 'server'])
    const { register = new Registry(), server } = options
    this.register = register
    this.#names = namesOf(server !== undefined)
    refuseTaken(register, this.#names)
    this.#collector = new MetricsCollector(cache, settings)
    this.#sampler = server === undefined ? undefined : new ServerSampler({ target: server })
    if (this.#sampler !== undefined) this.#collector.alsoRead(this.#sampler.read)
    for (const name of this.#names) {
      registerSeries(name, () => this.#collector.series(name), register)
    }
  }

  get contentType(): string {
    return this.register.contentType
  }

  /** The text that Prometheus reads. */
  metrics(): Promise<string> {
    return this.register.metrics()
  }

  /** Raises a counter that the service itself counts, such as that of its requests. */
  add<Name extends MetricName>(name: Name, labels: LabelsOf<Name>, value: number): void {
    this.#collector.add(name, labels, value)
  }

  /** Counts in a histogram, in the unit of its name. */
  observe<Name extends MetricName>(name: Name, labels: LabelsOf<Name>, value: number): void {
    this.#collector.observe(name, labels, value)
  }

  /** Idempotent. The metrics leave the registry; the cache stays open. */
  async close(): Promise<void> {
    this.#collector.close()
    for (const name of this.#names) this.register.removeSingleMetric(name)
    await this.#sampler?.close()
  }
}

/** Before anything is opened: two caches of a process need a registry each. */
function refuseTaken(register: Registry, names: readonly MetricName[]): void {
  const taken = names.find((name) => register.getSingleMetric(name) !== undefined)
  if (taken === undefined) return
  const details = { expected: 'a registry without the metrics of a cache', received: taken }
  throw new StaleproofError('SP_OPTION_INVALID', "openMetrics: option 'register'", details)
}

function namesOf(hasServer: boolean): readonly MetricName[] {
  const names = Object.keys(metrics).filter(isMetricName)
  return names.filter((name) => hasServer || !(name in serverMetrics))
}

function isMetricName(name: string): name is MetricName {
  return name in metrics
}
