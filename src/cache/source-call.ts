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

/** Is told how a call has ended: once. */
export interface Caller {
  /** Aligned with the flights; told in the context in which the source was asked. */
  answered(call: SourceCall, values: readonly unknown[]): void
  /** With the source's own error, or why it was not asked; told in anybody's context. */
  failed(call: SourceCall, error: unknown): void
}

export interface QueuedCall {
  readonly flights: readonly KeyFlight[]
  /** The load timeout counts from here: waiting for a turn is part of it. */
  readonly queuedMs: number
  readonly priority: Priority
  readonly caller: Caller
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
  readonly flights: readonly KeyFlight[]
  readonly #parts: SourceCallParts
  readonly #family: FamilyRuntime
  readonly #guard: SourceGuard
  readonly #call: QueuedCall
  readonly #span: CallSpan
  #place: Place | undefined
  /** Of the breakers, for the attempt under way. */
  #tickets: readonly number[] = []
  #isInScope = false
  #hasEnded = false

  constructor(parts: SourceCallParts, family: FamilyRuntime, call: QueuedCall) {
    const { guard } = family
    if (guard === undefined) throw new TypeError(`family ${family.name} has no source`)
    const { spans, engine } = parts
    const { flights, queuedMs } = call
    const timeoutMs = Math.min(engine.settings.loadTimeoutMs, family.rules.refresh.loadTimeoutMs)
    this.flights = flights
    this.#parts = parts
    this.#family = family
    this.#guard = guard
    this.#call = call
    const nowMs = engine.clock.now()
    this.#span = new CallSpan({ spans, family: family.name, flights, queuedMs, timeoutMs, nowMs })
    this.startedMs = nowMs
  }

  /**
   * To be called at once. No async function: each promise costs a load more than a step of it
   * (`bench`, load).
   */
  begin(): void {
    try {
      const turn = this.#enter()
      if (turn === undefined) this.#ask(this.startedMs)
      else void this.#askInTurn(turn)
    } catch (error) {
      this.#fail(error)
    }
  }

  #enter(): Promise<boolean> | undefined {
    const { priority } = this.#call
    const { rules, bulkhead } = this.#guard
    this.#span.throwIfOver()
    // Nobody waits for a turn that would not be taken.
    this.#guard.refuse(this.startedMs)
    // Whoever asks for it has a place already: two that wait could wait for each other.
    const isHolding = this.flights[0]?.outer?.holds(this.#guard) === true
    if (isHolding && bulkhead.running >= rules.concurrency) return undefined
    const place = bulkhead.enter(priority)
    if (place === undefined) throw sourceBusy(this.#family.name, rules)
    this.#place = place
    for (const flight of this.flights) flight.place = place
    return place.turn
  }

  async #askInTurn(turn: Promise<boolean>): Promise<void> {
    try {
      const isCalled = await this.#span.within(turn)
      if (!isCalled) throw sourceBusy(this.#family.name, this.#guard.rules)
      this.#ask(this.#nowMs)
    } catch (error) {
      this.#fail(error)
    }
  }

  get #nowMs(): number {
    return this.#parts.engine.clock.now()
  }

  /** Throws where a breaker does not let it through. */
  #ask(nowMs: number): void {
    const { flights } = this
    const { scope } = this.#parts
    this.#tickets = this.#guard.pass(nowMs)
    for (const flight of flights) flight.begin()
    this.startedMs = nowMs
    this.attempts++
    const state = new CallScope(flights, this.#span, this.#guard)
    const work = () => ask(this.#family, flights, this.#span)
    const context = flights.length === 1 ? flights[0]?.context : undefined
    this.#isInScope = true
    const asked =
      context === undefined
        ? scope.enter(state, work)
        : context.runInAsyncScope(() => scope.enter(state, work))
    // As `await` would: nothing that an author has put in its place.
    Promise.prototype.then.call(
      asked,
      (answer: unknown) => {
        state.isOver = true
        this.#leaveScope()
        if (!this.#hasEnded) this.#answered(answer)
      },
      (error: unknown) => {
        state.isOver = true
        this.#leaveScope()
        if (!this.#hasEnded) this.#refused(error)
      },
    )
    this.#span.watch((error) => {
      if (this.#hasEnded) return
      // A source that never answers must not keep the scope in use for ever.
      this.#leaveScope()
      this.#refused(error)
    })
  }

  #leaveScope(): void {
    if (!this.#isInScope) return
    this.#isInScope = false
    this.#parts.scope.leave()
  }

  #answered(answer: unknown): void {
    let values: readonly unknown[]
    try {
      values = this.#valuesIn(answer)
    } catch (error) {
      this.#refused(error)
      return
    }
    this.#guard.passed(this.#tickets, 'succeeded', this.startedMs)
    this.#end()
    this.#call.caller.answered(this, values)
  }

  /** Its time may be up too. */
  #refused(error: unknown): void {
    this.#guard.passed(this.#tickets, this.#verdictOf(error), this.startedMs)
    const pauseMs = this.#span.isOver ? undefined : this.#pauseMsAfter(error)
    if (pauseMs === undefined) this.#fail(error)
    else void this.#repeat(error, pauseMs)
  }

  #fail(error: unknown): void {
    this.#end()
    this.#call.caller.failed(this, error)
  }

  #end(): void {
    this.#hasEnded = true
    this.#place?.leave()
    this.#span.end()
  }

  #valuesIn(answer: unknown): readonly unknown[] {
    if (this.#family.source?.single !== undefined) return [answer]
    if (Array.isArray(answer) && answer.length === this.flights.length) return answer
    throw sourceShape(this.#family.name, this.flights.length, answer)
  }

  #verdictOf(error: unknown): Verdict {
    // Callers that leave and caches that close say nothing about what was asked.
    if (this.#span.isOver) return isStaleproofError(error, 'SP_LOAD_TIMEOUT') ? 'failed' : 'ignored'
    for (const flight of this.flights) flight.sourceThrew(error)
    return this.#guard.verdictOf(error)
  }

  /** Undefined: it is not repeated, or the load has no time for that. */
  #pauseMsAfter(error: unknown): number | undefined {
    const { rules } = this.#guard
    if (this.attempts >= rules.attempts) return undefined
    if (this.#guard.verdictOf(error) !== 'failed') return undefined
    const leftMs = this.#span.deadlineMs - this.#nowMs
    const pauses = { firstMs: rules.retryPauseMs, mostMs: retryPauseMsMax }
    const pauseMs = this.#parts.engine.chance.unit() * backoffMs(pauses, this.attempts)
    // Its own error says more than a load timeout would.
    return pauseMs < leftMs ? pauseMs : undefined
  }

  async #repeat(error: unknown, pauseMs: number): Promise<void> {
    try {
      await this.#span.pause(pauseMs)
      const nowMs = this.#nowMs
      if (this.#guard.refusal(nowMs) !== undefined) throw error
      this.#ask(nowMs)
    } catch (fault) {
      this.#fail(fault)
    }
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
