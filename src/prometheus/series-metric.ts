/**
 * Metrics of prom-client whose values are made when they are asked for. They inherit because a
 * registry takes only its own kinds; each overrides the method that gives values. It reads before
 * it first waits: a registry asks for all in one tick, and then their numbers belong together.
 */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { type MetricDefinition, type MetricName, metrics, type Series } from '../observe/index.ts'

/** The series of one metric now. */
export type ReadSeries = () => readonly Series[]

export function registerSeries(name: MetricName, read: ReadSeries, register: Registry): void {
  const { kind, help, buckets = [] }: MetricDefinition = metrics[name]
  const settings = { name, help, registers: [register] }
  if (kind === 'counter') new SeriesCounter(settings, read)
  else if (kind === 'gauge') new SeriesGauge(settings, read)
  else new SeriesHistogram({ ...settings, buckets: [...buckets] }, read)
}

class SeriesCounter extends Counter {
  readonly #read: ReadSeries

  constructor(settings: ConstructorParameters<typeof Counter>[0], read: ReadSeries) {
    super(settings)
    this.#read = read
  }

  override async get(): ReturnType<Counter['get']> {
    const values = this.#read().map(plainValue)
    return { ...(await super.get()), values }
  }
}

class SeriesGauge extends Gauge {
  readonly #read: ReadSeries

  constructor(settings: ConstructorParameters<typeof Gauge>[0], read: ReadSeries) {
    super(settings)
    this.#read = read
  }

  override async get(): ReturnType<Gauge['get']> {
    const values = this.#read().map(plainValue)
    return { ...(await super.get()), values }
  }
}

interface HistogramSettings {
  readonly name: string
  readonly help: string
  readonly registers: Registry[]
  readonly buckets: number[]
}

class SeriesHistogram extends Histogram {
  readonly #name: string
  readonly #edges: readonly number[]
  /** Empty: its own `get` would ask `getForPromString` below. */
  readonly #empty: Histogram
  readonly #read: ReadSeries

  constructor(settings: HistogramSettings, read: ReadSeries) {
    super(settings)
    this.#empty = new Histogram({ ...settings, registers: [] })
    this.#name = settings.name
    this.#edges = settings.buckets
    this.#read = read
  }

  override async get(): ReturnType<Histogram['get']> {
    const values = this.#read().flatMap((one) => this.#values(one))
    return { ...(await this.#empty.get()), values }
  }

  /** What the text is made of; without it, it would be made of what prom-client has counted. */
  getForPromString(): ReturnType<Histogram['get']> {
    return this.get()
  }

  #values({ labels, value: sum, cumulative = [] }: Series) {
    const count = cumulative.at(-1) ?? 0
    const metricName = `${this.#name}_bucket`
    const buckets = this.#edges.map((le, index) => {
      return { metricName, labels: { ...labels, le }, value: cumulative[index] ?? 0 }
    })
    return [
      ...buckets,
      { metricName, labels: { ...labels, le: '+Inf' }, value: count },
      { metricName: `${this.#name}_sum`, labels: { ...labels }, value: sum },
      { metricName: `${this.#name}_count`, labels: { ...labels }, value: count },
    ]
  }
}

function plainValue({ labels, value }: Series) {
  return { labels: { ...labels }, value }
}
