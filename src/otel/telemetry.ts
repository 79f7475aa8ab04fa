/** The metrics and spans of one cache, by the providers of OpenTelemetry that the process has. */
import {
  type Histogram,
  type MeterProvider,
  metrics as metricsOfProcess,
  type TracerProvider,
  trace,
} from '@opentelemetry/api'
import type { CacheMethods } from '../core/cache.ts'
import type { CacheEvent, Observer, RedisEvent } from '../core/outcome.ts'
import { type ExportOptions, MetricsCollector, resolveExport } from '../observe/index.ts'
import { systemClock } from '../system.ts'
import { version } from '../version.ts'
import { Instruments } from './instruments.ts'
import { redisDuration, redisEdges } from './names.ts'
import { Spans } from './spans.ts'

/** What `openTelemetry` takes. */
export interface TelemetryOptions extends ExportOptions {
  /** Default: those that the process has registered. */
  readonly meterProvider?: MeterProvider | undefined
  readonly tracerProvider?: TracerProvider | undefined
}

const scope = 'staleproof'

export class Telemetry implements Observer {
  readonly #collector: MetricsCollector
  readonly #instruments: Instruments
  readonly #redis: Histogram
  readonly #spans: Spans
  readonly #stop: () => void

  constructor(cache: CacheMethods, options: TelemetryOptions) {
    const settings = resolveExport('openTelemetry', options, ['meterProvider', 'tracerProvider'])
    const meter = (options.meterProvider ?? metricsOfProcess).getMeter(scope, version)
    const tracer = (options.tracerProvider ?? trace).getTracer(scope, version)
    this.#instruments = new Instruments(meter)
    const onObserved = this.#instruments.record
    this.#collector = new MetricsCollector(cache, { ...settings, onObserved })
    this.#instruments.watch(meter, (name) => this.#collector.series(name))
    this.#redis = meter.createHistogram(redisDuration, {
      description: 'Duration of database client operations.',
      unit: 's',
      advice: { explicitBucketBoundaries: [...redisEdges] },
    })
    this.#spans = new Spans(tracer, systemClock)
    this.#stop = cache.observe(this)
  }

  notify(event: CacheEvent): void {
    if (event.kind === 'read') this.#spans.read(event)
    else if (event.kind === 'invalidate' && event.via === 'call') this.#spans.invalidate(event)
    else if (event.kind === 'redis') this.#timeRedis(event)
  }

  /** Idempotent. The cache and the providers stay open. */
  close(): void {
    this.#stop()
    this.#collector.close()
    this.#instruments.close()
  }

  #timeRedis({ operation, isAnswered, ms }: RedisEvent): void {
    this.#redis.record(ms / 1_000, {
      'db.system.name': 'redis',
      'db.operation.name': operation,
      ...(isAnswered ? {} : { 'error.type': '_OTHER' }),
    })
  }
}
