/**
 * Spans of what leaves the process: a read that memory could not answer, and an invalidation. They
 * are made when it has ended, in the context of its caller, so a hit costs nothing. What a source
 * does itself is a span beside it, not below.
 */
import {
  type Attributes,
  context,
  type Link,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api'
import type { Clock } from '../core/contracts/clock.ts'
import type { InvalidateEvent, ReadEvent } from '../core/outcome.ts'

/** Keys whose last load is remembered, for those who shared it. */
const loadsMax = 1_000

export class Spans {
  readonly #tracer: Tracer
  readonly #clock: Clock
  /** The span that loaded a key, the oldest first. */
  readonly #loads = new Map<string, SpanContext>()

  constructor(tracer: Tracer, clock: Clock) {
    this.#tracer = tracer
    this.#clock = clock
  }

  read({ family, key, priority, outcome, ms }: ReadEvent): void {
    const { from, why, stale, ageMs } = outcome
    // It was served what was there: how that came about is counted, and no span of a reader.
    if (from === 'stale') return
    const shared = from === 'joined' ? this.#loads.get(key) : undefined
    const span = this.#start(`cache.get ${family}`, ms, {
      kind: SpanKind.INTERNAL,
      links: shared === undefined ? [] : [{ context: shared }],
      attributes: {
        'staleproof.cache.name': family,
        'staleproof.cache.served_by': from,
        'staleproof.cache.why': why,
        'staleproof.cache.stale': stale,
        'staleproof.cache.priority': priority,
        ...(ageMs === undefined ? {} : { 'staleproof.cache.age': ageMs / 1_000 }),
      },
    })
    if (from === 'source') this.#remember(key, span.spanContext())
    if (outcome.from === 'none') {
      span.setAttribute('error.type', why)
      span.setStatus({ code: SpanStatusCode.ERROR })
    }
    span.end(this.#clock.wallMs())
  }

  invalidate({ reason, keys, tags, reached, pending, ms }: InvalidateEvent): void {
    const span = this.#start('cache.invalidate', ms, {
      kind: SpanKind.PRODUCER,
      links: [],
      attributes: {
        'staleproof.cache.reason': reason,
        'staleproof.cache.keys': keys.length,
        'staleproof.cache.tags': tags.length,
        'staleproof.cache.reached': reached,
        'staleproof.cache.pending': pending.length,
      },
    })
    if (pending.length > 0) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(this.#clock.wallMs())
  }

  #start(
    name: string,
    ms: number,
    about: { readonly kind: SpanKind; readonly links: Link[]; readonly attributes: Attributes },
  ) {
    const startTime = this.#clock.wallMs() - ms
    return this.#tracer.startSpan(name, { ...about, startTime }, context.active())
  }

  #remember(key: string, span: SpanContext): void {
    this.#loads.delete(key)
    this.#loads.set(key, span)
    for (const oldest of this.#loads.keys()) {
      if (this.#loads.size <= loadsMax) return
      this.#loads.delete(oldest)
    }
  }
}
