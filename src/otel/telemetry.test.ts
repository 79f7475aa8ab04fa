import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Context,
  type ContextManager,
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Deferred } from '../base/deferred.ts'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { openCache } from '../open.ts'
import { openTelemetry } from './index.ts'

const catalog = defineCatalog('shop', {
  user: family('user:{id:int}', { value: shape<string>(), ttl: '1m' }),
  broken: family('broken:{id:int}', { value: shape<string>(), ttl: '1m' }),
})

async function open() {
  const source = { answer: (id: number): unknown => `user ${id}` }
  const sources = {
    user: async (id: number) => String(await source.answer(id)),
    broken: () => Promise.reject(new Error('no')),
  }
  const cache = await openCache(catalog, { service: 'api', log: false, sources })
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const meterProvider = new MeterProvider({ readers: [reader] })
  const spans = new InMemorySpanExporter()
  const processor = new SimpleSpanProcessor(spans)
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [processor] })
  const telemetry = openTelemetry(cache, { meterProvider, tracerProvider })
  onTestFinished(async () => {
    telemetry.close()
    await meterProvider.shutdown()
    await cache.close()
  })
  /** Points of the last reading, by name. */
  const read = async () => {
    exporter.reset()
    await reader.forceFlush()
    const [resource] = exporter.getMetrics()
    const metrics = resource?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
    return new Map(metrics.map((metric) => [metric.descriptor.name, metric]))
  }
  const tracer = tracerProvider.getTracer('test')
  return { cache, source, telemetry, tracer, read, spans: () => spans.getFinishedSpans() }
}

/** As a service that is traced has one. */
class Contexts implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>()

  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT
  }

  with: ContextManager['with'] = (active, task, self, ...args) => {
    return this.#storage.run(active, () => Reflect.apply(task, self, args))
  }

  bind<T>(_context: Context, target: T): T {
    return target
  }

  enable(): this {
    return this
  }

  disable(): this {
    return this
  }
}

describe('metrics', () => {
  test('count what stats counts, with the attributes of their namespace', async () => {
    const { cache, read } = await open()
    await cache.user.get(1)
    await cache.user.get(1)
    const metric = (await read()).get('staleproof.cache.gets')
    const points = metric?.dataPoints.map(({ attributes, value }) => [attributes, value])
    expect(metric?.dataPointType).toBe(DataPointType.SUM)
    expect(points).toContainEqual([
      {
        'staleproof.cache.name': 'user',
        'staleproof.cache.result': 'hit',
        'staleproof.cache.served_by': 'memory',
      },
      cache.stats().families.user?.reads.memory,
    ])
  })

  test('time loads in buckets that rules compare with, failed ones by their error', async () => {
    const { cache, read } = await open()
    await cache.user.get(1)
    await cache.broken.get(1).catch(() => {})
    await cache.settled()
    const metric = (await read()).get('staleproof.cache.load.duration')
    if (metric?.dataPointType !== DataPointType.HISTOGRAM) throw new Error('no histogram')
    expect(metric.descriptor.unit).toBe('s')
    expect(metric.dataPoints[0]?.value.buckets.boundaries).toEqual(
      expect.arrayContaining([0.1, 0.5]),
    )
    expect(metric.dataPoints.map(({ attributes }) => attributes)).toEqual([
      { 'staleproof.cache.name': 'user' },
      { 'staleproof.cache.name': 'broken', 'error.type': '_OTHER' },
    ])
  })

  test('tell calls to Redis as the convention for databases wants it', async () => {
    const { cache, read } = await open()
    await cache.user.get(1)
    await cache.settled()
    const metric = (await read()).get('db.client.operation.duration')
    if (metric?.dataPointType !== DataPointType.HISTOGRAM) throw new Error('no histogram')
    const operations = metric.dataPoints.map(({ attributes }) => attributes)
    expect(metric.dataPoints[0]?.value.buckets.boundaries).toEqual([
      0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10,
    ])
    expect(operations).toContainEqual({ 'db.system.name': 'redis', 'db.operation.name': 'fill' })
  })

  test('bear no name in the plural of a count, and no _total', async () => {
    const { read } = await open()
    const names = [...(await read()).keys()]
    expect(names).toContain('staleproof.cache.entry.count')
    expect(names.filter((name) => /_total$|_seconds$|^cache/.test(name))).toEqual([])
  })

  test('end with their close, and leave their place to other observers', async () => {
    const { cache, telemetry, read } = await open()
    telemetry.close()
    for (let time = 0; time < 20; time++) openTelemetry(cache).close()
    await cache.user.get(1)
    expect((await read()).get('staleproof.cache.gets')?.dataPoints ?? []).toEqual([])
  })
})

describe('spans', () => {
  test('are of reads that leave the process, never of memory hits', async () => {
    const { cache, spans } = await open()
    await cache.user.get(1)
    await cache.settled()
    for (let read = 0; read < 1_000; read++) await cache.user.get(1)
    const [span, ...others] = spans()
    expect(others).toEqual([])
    expect(span?.name).toBe('cache.get user')
    expect(span?.kind).toBe(SpanKind.INTERNAL)
    expect(span?.attributes).toMatchObject({
      'staleproof.cache.name': 'user',
      'staleproof.cache.served_by': 'source',
      'staleproof.cache.stale': false,
    })
  })

  test('are below those of their callers, although reads of a tick travel together', async () => {
    context.setGlobalContextManager(new Contexts())
    onTestFinished(() => context.disable())
    const { cache, tracer, spans } = await open()
    const callers = ['first', 'second'].map((name) => tracer.startSpan(name, {}, ROOT_CONTEXT))
    const reads = callers.map((caller, id) => {
      return context.with(trace.setSpan(ROOT_CONTEXT, caller), () => {
        return Promise.all([cache.user.get(id), cache.user.getMany([id + 10])])
      })
    })
    await Promise.all(reads)
    await cache.settled()
    const parents = spans().map(({ parentSpanContext }) => parentSpanContext?.spanId)
    const expected = callers.flatMap((caller) => Array(2).fill(caller.spanContext().spanId))
    expect(parents.toSorted()).toEqual(expected.toSorted())
  })

  test('who shared a load is linked to the one that did it', async () => {
    const { cache, source, spans } = await open()
    const answer = new Deferred<string>()
    source.answer = () => answer.promise
    const first = cache.user.get(1)
    await Promise.resolve()
    await Promise.resolve()
    const second = cache.user.get(1, { timeout: '5s' })
    answer.resolve('Ada')
    await Promise.all([first, second])
    await cache.settled()
    const from = (name: string) => {
      return spans().find(({ attributes }) => attributes['staleproof.cache.served_by'] === name)
    }
    expect(from('joined')?.links.map((link) => link.context.spanId)).toEqual([
      from('source')?.spanContext().spanId,
    ])
  })

  test('a read without an answer is an error, without its key', async () => {
    const { cache, spans } = await open()
    await cache.broken.get(4_711).catch(() => {})
    const [span] = spans()
    expect(span?.status.code).toBe(SpanStatusCode.ERROR)
    expect(span?.attributes['error.type']).toBe('sourceFailed')
    expect(JSON.stringify([span?.name, span?.attributes])).not.toContain('4711')
  })

  test('an invalidation is one, with how many processes it reached', async () => {
    const { cache, spans } = await open()
    await cache.user.invalidate([1, 2], { reason: 'renamed' })
    const [span] = spans()
    expect(span?.kind).toBe(SpanKind.PRODUCER)
    expect(span?.attributes).toMatchObject({
      'staleproof.cache.reason': 'renamed',
      'staleproof.cache.keys': 2,
      'staleproof.cache.pending': 0,
    })
  })
})

test('without providers of the process nothing is told, and nothing breaks', async () => {
  const cache = await openCache(catalog, { service: 'api', log: false })
  const telemetry = openTelemetry(cache)
  await cache.user.invalidate([1])
  telemetry.close()
  expect(trace.getSpan(context.active())).toBeUndefined()
  expect(cache.stats().observerErrors).toBe(0)
  await cache.close()
})
