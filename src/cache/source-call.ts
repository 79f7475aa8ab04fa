/**
 * One call of a source for one flight or a batch: it waits for its turn, passes the breakers,
 * and is repeated where the source allows it, all within its span. Retries are for sources
 * that are declared idempotent, with exponential pauses and full jitter: a call that failed
 * beside many others does not come back beside them.
 */
import { isStaleproofError } from '../core/errors.ts'
import type { SourceContext } from '../core/source.ts'
import { backoffMs, type Place, type Priority, type Verdict } from '../resilience/index.ts'
import { CallScope } from './call-scope.ts'
import { CallSpan } from './call-span.ts'
import type { CallSpans } from './call-spans.ts'
import type { Engine } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { sourceBusy, sourceShape } from './faults.ts'
import type { KeyFlight } from './flight-of.ts'
import type { LoadScope } from './load-scope.ts'
import type { SourceGuard } from './source-guard.ts'

/** The longest pause before a repetition; what is left of the load timeout bounds it too. */
const retryPauseMsMax = 30_000

export interface SourceCallParts {
  readonly engine: Engine
  readonly scope: LoadScope
  readonly spans: CallSpans
}

export interface QueuedCall {
  readonly flights: readonly KeyFlight[]
  /** The load timeout counts from here: waiting for a turn is part of it. */
  readonly queuedMs: number
  readonly priority: Priority
}

/** How often the source was called. */
export interface CallMade {
  /** When the last call of it began, or the wait for its turn if there was none. */
  readonly startedMs: number
  readonly attempts: number
}

export class SourceCall implements CallMade {
  startedMs: number
  attempts = 0
  readonly #parts: SourceCallParts
  readonly #family: FamilyRuntime
  readonly #guard: SourceGuard
  readonly #call: QueuedCall
  readonly #span: CallSpan

  constructor(parts: SourceCallParts, family: FamilyRuntime, call: QueuedCall) {
    const { guard } = family
    if (guard === undefined) throw new TypeError(`family ${family.name} has no source`)
    const { spans, engine } = parts
    const { flights, queuedMs } = call
    const timeoutMs = Math.min(engine.settings.loadTimeoutMs, family.rules.refresh.loadTimeoutMs)
    this.#parts = parts
    this.#family = family
    this.#guard = guard
    this.#call = call
    this.#span = new CallSpan({ spans, family: family.name, flights, queuedMs, timeoutMs })
    this.startedMs = engine.clock.now()
  }

  /** Aligned with the flights. Rejects with the source's own error, or why it was not asked. */
  async values(): Promise<readonly unknown[]> {
    let place: Place | undefined
    try {
      place = this.#enter()
      const isCalled = place.turn === undefined || (await this.#span.within(place.turn))
      if (!isCalled) throw sourceBusy(this.#family.name, this.#guard.rules)
      while (true) {
        const startedMs = this.#nowMs
        const tickets = this.#guard.pass(startedMs)
        try {
          const values = this.#valuesIn(await this.#ask())
          this.#guard.passed(tickets, 'succeeded', startedMs)
          return values
        } catch (error) {
          this.#guard.passed(tickets, this.#verdictOf(error), startedMs)
          if (!(await this.#mayRepeat(error))) throw error
        }
      }
    } finally {
      place?.leave()
      this.#span.end()
    }
  }

  #enter(): Place {
    const { priority, flights } = this.#call
    const { rules, bulkhead } = this.#guard
    this.#span.throwIfOver()
    // Nobody waits for a turn that would not be taken.
    this.#guard.refuse(this.#nowMs)
    const place = bulkhead.enter(priority)
    if (place === undefined) throw sourceBusy(this.#family.name, rules)
    for (const flight of flights) flight.place = place
    return place
  }

  get #nowMs(): number {
    return this.#parts.engine.clock.now()
  }

  #ask(): Promise<unknown> {
    const { flights } = this.#call
    for (const flight of flights) flight.begin()
    this.startedMs = this.#nowMs
    this.attempts++
    const scope = new CallScope(flights, this.#span)
    const asked = this.#parts.scope.run(scope, () => ask(this.#family, flights, this.#span))
    return this.#span.within(asked)
  }

  #valuesIn(answer: unknown): readonly unknown[] {
    const { flights } = this.#call
    if (this.#family.source?.single !== undefined) return [answer]
    if (Array.isArray(answer) && answer.length === flights.length) return answer
    throw sourceShape(this.#family.name, flights.length, answer)
  }

  #verdictOf(error: unknown): Verdict {
    // Callers that leave and caches that close say nothing about what was asked.
    if (this.#span.isOver) return isStaleproofError(error, 'SP_LOAD_TIMEOUT') ? 'failed' : 'ignored'
    for (const flight of this.#call.flights) flight.sourceThrew(error)
    return this.#guard.verdictOf(error)
  }

  /** Waits until it may, at most as long as the load has time. */
  async #mayRepeat(error: unknown): Promise<boolean> {
    const { rules } = this.#guard
    if (this.attempts >= rules.attempts) return false
    if (this.#guard.verdictOf(error) !== 'failed') return false
    const leftMs = this.#span.deadlineMs - this.#nowMs
    const pauses = { firstMs: rules.retryPauseMs, mostMs: retryPauseMsMax }
    const pauseMs = this.#parts.engine.chance.unit() * backoffMs(pauses, this.attempts)
    // Its own error says more than a load timeout would.
    if (pauseMs >= leftMs) return false
    await this.#span.pause(pauseMs)
    return this.#guard.refusal(this.#nowMs) === undefined
  }
}

/**
 * Its signal is made when it is first read. A class: V8 makes a literal with an accessor slow,
 * and keeps what the accessor refers to until the next major collection.
 */
class CallContext implements SourceContext {
  readonly #span: CallSpan

  constructor(span: CallSpan) {
    this.#span = span
  }

  get signal(): AbortSignal {
    return this.#span.signal
  }
}

/** What the source says: for one id its value, for many an array of them. */
function ask(family: FamilyRuntime, flights: readonly KeyFlight[], span: CallSpan): unknown {
  const { source } = family
  const context = new CallContext(span)
  if (source?.single === undefined) {
    const ids = flights.map((flight) => flight.id)
    return source?.many?.(ids, context)
  }
  return family.hasId ? source.single(flights[0]?.id, context) : source.single(context)
}
