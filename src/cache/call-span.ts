/**
 * How long a call of a source may last, its wait for a turn and its repetitions included:
 * until the load timeout, until the source that asked for it ends, until the cache is closed,
 * or until the last caller has left, whichever comes first (CONTRACT 19).
 */
import { setMaxListeners } from 'node:events'
import { Deferred } from '../base/deferred.ts'
import type { Clock, Timer } from '../core/contracts/clock.ts'
import { callersLeft, loadTimeout } from './faults.ts'
import type { KeyFlight } from './flight-of.ts'

export interface SpanPlan {
  readonly clock: Clock
  /** Fires when the cache is closed and its grace has passed. */
  readonly closing: AbortSignal
  readonly family: string
  readonly flights: readonly KeyFlight[]
  readonly queuedMs: number
  readonly timeoutMs: number
}

export class CallSpan {
  readonly deadlineMs: number
  readonly #plan: SpanPlan
  #controller: AbortController | undefined
  /** Why it has ended before the call. */
  #over: { readonly error: unknown } | undefined
  readonly #ended = new Deferred<never>()
  readonly #timer: Timer

  constructor(plan: SpanPlan) {
    const { clock, closing, flights, queuedMs, timeoutMs } = plan
    this.#plan = plan
    // Nobody may be waiting for it when it ends.
    this.#ended.promise.catch(() => {})
    const outer = flights[0]?.outer
    this.deadlineMs = Math.min(queuedMs + timeoutMs, outer?.deadlineMs ?? Number.POSITIVE_INFINITY)
    this.#timer = clock.timer(this.deadlineMs - clock.now(), this.#onTime)
    closing.addEventListener('abort', this.#onClosing)
    outer?.signal.addEventListener('abort', this.#onOuter)
    for (const flight of flights) flight.onAbandoned = this.#onLeft
    if (closing.aborted) this.#onClosing()
    else if (outer?.signal.aborted) this.#onOuter()
    else if (this.deadlineMs <= clock.now()) this.#onTime()
    else this.#onLeft()
  }

  /** Fires when it ends before the call. Made when first asked for: most sources never do. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      // Every nested load listens; that many are no leak.
      setMaxListeners(0, this.#controller.signal)
      if (this.#over !== undefined) this.#controller.abort(this.#over.error)
    }
    return this.#controller.signal
  }

  get isOver(): boolean {
    return this.#over !== undefined
  }

  throwIfOver(): void {
    if (this.#over !== undefined) throw this.#over.error
  }

  /** The result of a step; rejects as soon as the span ends. */
  within<T>(step: Promise<T>): Promise<T> {
    return Promise.race([step, this.#ended.promise])
  }

  async pause(ms: number): Promise<void> {
    const over = new Deferred<void>()
    const timer = this.#plan.clock.timer(ms, () => over.resolve())
    try {
      await this.within(over.promise)
    } finally {
      timer.cancel()
    }
  }

  /** The call has ended: a source that hangs must not keep timers and listeners for ever. */
  end(): void {
    const { closing, flights } = this.#plan
    this.#timer.cancel()
    closing.removeEventListener('abort', this.#onClosing)
    flights[0]?.outer?.signal.removeEventListener('abort', this.#onOuter)
  }

  #giveUp(error: unknown): void {
    if (this.isOver) return
    this.#over = { error }
    this.end()
    // Whoever comes now must not join what has just failed.
    for (const flight of this.#plan.flights) flight.isClosed = true
    this.#ended.reject(error)
    this.#controller?.abort(error)
  }

  readonly #onTime = (): void => {
    const { family, flights, queuedMs } = this.#plan
    this.#giveUp(loadTimeout(family, keyNames(flights), this.deadlineMs - queuedMs))
  }

  readonly #onClosing = (): void => this.#giveUp(this.#plan.closing.reason)

  readonly #onOuter = (): void => this.#giveUp(this.#plan.flights[0]?.outer?.signal.reason)

  readonly #onLeft = (): void => {
    const { flights } = this.#plan
    if (flights.every((flight) => flight.isAbandoned)) this.#giveUp(callersLeft(keyNames(flights)))
  }
}

function keyNames(flights: readonly KeyFlight[]): string {
  const [first] = flights
  const others = flights.length - 1
  return others > 0 ? `${first?.key} and ${others} more` : `${first?.key}`
}
