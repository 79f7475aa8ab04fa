/**
 * One call of a source for one flight or a batch: it waits for its turn, passes the breakers,
 * and is repeated where the source allows it, all within its span. Retries are for sources
 * that are declared idempotent, with exponential pauses and full jitter: a call that failed
 * beside many others does not come back beside them.
 */
import { isStaleproofError } from '../core/errors.ts'
import { backoffMs, type Priority, type Verdict } from '../resilience/index.ts'
import { CallSpan } from './call-span.ts'
import type { CallSpans } from './call-spans.ts'
import type { Engine } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { sourceBusy, sourceShape } from './faults.ts'
import { type KeyFlight, mostUrgent } from './flight-of.ts'
import { type LoadScope, linksWith, type Scope } from './load-scope.ts'
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

export type CallResult = CallMade &
  (
    | { readonly isAnswered: true; readonly values: readonly unknown[] }
    | { readonly isAnswered: false; readonly error: unknown }
  )

/** Never rejects. Values are aligned with the flights; an error of the source is its own. */
export async function callSource(
  parts: SourceCallParts,
  family: FamilyRuntime,
  call: QueuedCall,
): Promise<CallResult> {
  const { clock, settings } = parts.engine
  const { flights, queuedMs } = call
  const timeoutMs = Math.min(settings.loadTimeoutMs, family.rules.refresh.loadTimeoutMs)
  const plan = { clock, spans: parts.spans, family: family.name, flights, queuedMs, timeoutMs }
  const span = new CallSpan(plan)
  const made = { startedMs: clock.now(), attempts: 0 }
  try {
    const values = await new SourceCall(parts, family, { ...call, span, made }).run()
    return { isAnswered: true, values, ...made }
  } catch (error) {
    return { isAnswered: false, error, ...made }
  } finally {
    span.end()
  }
}

interface Running extends QueuedCall {
  readonly span: CallSpan
  readonly made: { startedMs: number; attempts: number }
}

class SourceCall {
  readonly #parts: SourceCallParts
  readonly #family: FamilyRuntime
  readonly #guard: SourceGuard
  readonly #call: Running

  constructor(parts: SourceCallParts, family: FamilyRuntime, call: Running) {
    const { guard } = family
    if (guard === undefined) throw new TypeError(`family ${family.name} has no source`)
    this.#parts = parts
    this.#family = family
    this.#guard = guard
    this.#call = call
  }

  async run(): Promise<readonly unknown[]> {
    const { span, priority, flights } = this.#call
    const { rules, bulkhead } = this.#guard
    span.throwIfOver()
    // Nobody waits for a turn that would not be taken.
    this.#guard.refuse(this.#nowMs)
    const place = bulkhead.enter(priority)
    if (place === undefined) throw sourceBusy(this.#family.name, rules)
    for (const flight of flights) flight.onRaised = () => place.raise(flight.priority)
    try {
      const isCalled = place.turn === undefined || (await span.within(place.turn))
      if (!isCalled) throw sourceBusy(this.#family.name, rules)
      while (true) {
        const passage = this.#guard.pass(this.#nowMs)
        try {
          const values = await this.#ask()
          passage('succeeded')
          return values
        } catch (error) {
          passage(this.#verdictOf(error))
          if (!(await this.#mayRepeat(error))) throw error
        }
      }
    } finally {
      place.leave()
    }
  }

  get #nowMs(): number {
    return this.#parts.engine.clock.now()
  }

  #ask(): Promise<readonly unknown[]> {
    const { flights, span, made } = this.#call
    for (const flight of flights) flight.begin()
    made.startedMs = this.#nowMs
    made.attempts++
    const asked = this.#parts.scope.run(this.#scope(), () => ask(this.#family, flights, span))
    return span.within(asked)
  }

  #verdictOf(error: unknown): Verdict {
    const { flights, span } = this.#call
    // Callers that leave and caches that close say nothing about what was asked.
    if (span.isOver) return isStaleproofError(error, 'SP_LOAD_TIMEOUT') ? 'failed' : 'ignored'
    for (const flight of flights) flight.sourceThrew(error)
    return this.#guard.verdictOf(error)
  }

  /** What every `get` of the source inherits. */
  #scope(): Scope {
    const { flights, span } = this.#call
    const keys = flights.map((flight) => flight.key)
    const links = linksWith(flights[0]?.outer, keys)
    return {
      chain: links.chain,
      beside: links.beside,
      deadlineMs: span.deadlineMs,
      get priority() {
        return mostUrgent(flights)
      },
      get signal() {
        return span.signal
      },
    }
  }

  /** Waits until it may, at most as long as the load has time. */
  async #mayRepeat(error: unknown): Promise<boolean> {
    const { span, made } = this.#call
    const { rules } = this.#guard
    if (made.attempts >= rules.attempts) return false
    if (this.#guard.verdictOf(error) !== 'failed') return false
    const leftMs = span.deadlineMs - this.#nowMs
    const pauses = { firstMs: rules.retryPauseMs, mostMs: retryPauseMsMax }
    const pauseMs = this.#parts.engine.chance.unit() * backoffMs(pauses, made.attempts)
    // Its own error says more than a load timeout would.
    if (pauseMs >= leftMs) return false
    await span.pause(pauseMs)
    return this.#guard.refusal(this.#nowMs) === undefined
  }
}

async function ask(
  family: FamilyRuntime,
  flights: readonly KeyFlight[],
  span: CallSpan,
): Promise<readonly unknown[]> {
  const { source } = family
  if (source === undefined) throw new TypeError(`family ${family.name} has no source`)
  const ids = flights.map((flight) => flight.id)
  const [id] = ids
  const context = {
    get signal() {
      return span.signal
    },
  }
  if (source.single !== undefined) {
    return [await (family.hasId ? source.single(id, context) : source.single(context))]
  }
  const values: unknown = await source.many?.(ids, context)
  if (Array.isArray(values) && values.length === ids.length) return values
  throw sourceShape(family.name, ids.length, values)
}
