/** One instrument for each metric: histograms are told at once, the rest is read when asked for. */
import type { Histogram, Meter, Observable, ObservableResult } from '@opentelemetry/api'
import {
  type Labels,
  type MetricDefinition,
  type MetricName,
  metrics,
  type Observed,
  type Series,
  serverMetrics,
} from '../observe/index.ts'
import { attributesOf, instrumentName, instrumentUnit } from './names.ts'

interface Watched {
  readonly observable: Observable
  readonly callback: (result: ObservableResult) => void
}

export class Instruments {
  readonly #histograms = new Map<MetricName, Histogram>()
  readonly #watched: Watched[] = []

  constructor(meter: Meter) {
    for (const [name, definition] of measured()) {
      if (definition.kind === 'histogram') this.#histograms.set(name, histogramOf(meter, name))
    }
  }

  watch(meter: Meter, series: (name: MetricName) => readonly Series[]): void {
    for (const [name, { kind, help: description }] of measured()) {
      if (kind === 'histogram') continue
      const settings = { description, unit: instrumentUnit(name) }
      const observable =
        kind === 'counter'
          ? meter.createObservableCounter(instrumentName(name), settings)
          : meter.createObservableGauge(instrumentName(name), settings)
      const callback = (result: ObservableResult) => {
        for (const { labels, value } of series(name)) {
          result.observe(value, attributesOf(name, labels))
        }
      }
      observable.addCallback(callback)
      this.#watched.push({ observable, callback })
    }
  }

  /** A sample of many is told once: there is no way to say what it stands for. */
  readonly record = (name: MetricName, labels: Labels, { value }: Observed): void => {
    this.#histograms.get(name)?.record(value, attributesOf(name, labels))
  }

  close(): void {
    for (const { observable, callback } of this.#watched) observable.removeCallback(callback)
  }
}

/** Those of a cache and its service; the server has exporters of its own. */
function measured(): readonly (readonly [MetricName, MetricDefinition])[] {
  return Object.entries(metrics).flatMap(([name, definition]) => {
    return isOurs(name) ? [[name, definition] as const] : []
  })
}

function isOurs(name: string): name is MetricName {
  // Those are told as calls of a database client.
  return !(name in serverMetrics) && name !== 'cache_redis_operation_duration_seconds'
}

function histogramOf(meter: Meter, name: MetricName): Histogram {
  const { help: description, buckets = [] }: MetricDefinition = metrics[name]
  const advice = { explicitBucketBoundaries: [...buckets] }
  return meter.createHistogram(instrumentName(name), {
    description,
    unit: instrumentUnit(name),
    advice,
  })
}
