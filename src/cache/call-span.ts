/**
 * How long a call of a source may last, its wait for a turn and its repetitions included:
 * until the load timeout, until the source that asked for it ends, until the cache is closed,
 * or until the last caller has left, whichever comes first (CONTRACT 19).
 */
import { setMaxListeners } from 'node:events'
import type { Chain, Link } from '../base/chain.ts'
import type { Leaving } from '../coherence/index.ts'
import type { Timer } from '../core/contracts/clock.ts'
import type { CallSpans } from './call-spans.ts'
import { callersLeft, loadTimeout } from './faults.ts'
import type { KeyFlight } from './flight-of.ts'

export interface SpanPlan {
  readonly spans: CallSpans
  readonly family: string
  readonly flights: readonly KeyFlight[]
  readonly queuedMs: number
  readonly timeoutMs: number
  readonly nowMs: number
}

export class CallSpan implements Leaving, Link<CallSpan> {
  chain: Chain<CallSpan> | undefined
  previous: CallSpan | undefined
  next: CallSpan | undefined
  /** On the monotonic clock. */
  readonly deadlineMs: number
  readonly #plan: SpanPlan
  #controller: AbortController | undefined
  /** Why it has ended before the call. */
  #over: { readonly error: unknown } | undefined
  /** Whoever waits for the step that is under way. */
  #onOver: ((error: unknown) => void) | undefined
  #stopListening: (() => void) | undefined

  constructor(plan: SpanPlan) {
    const { spans, flights, queuedMs, timeoutMs, nowMs } = plan
    this.#plan = plan
    const outer = flights[0]?.outer
    this.deadlineMs = Math.min(queuedMs + timeoutMs, outer?.deadlineMs ?? Number.POSITIVE_INFINITY)
    spans.add(this)
    for (const flight of flights) flight.leaving = this
    if (outer !== undefined) this.#follow(outer.signal)
    if (this.isOver) return
    if (this.deadlineMs <= nowMs) this.runOut()
    else this.abandoned()
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

  /** Tells if it ends before the call, of which one step is under way at a time. */
  watch(onOver: (error: unknown) => void): void {
    this.#onOver = onOver
    if (this.#over !== undefined) onOver(this.#over.error)
  }

  /** The result of a step; rejects when the span ends. */
  within<T>(step: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      step.then(resolve, reject)
      this.watch(reject)
    })
  }

  async pause(ms: number): Promise<void> {
    let timer: Timer | undefined
    const over = new Promise<void>((resolve) => {
      timer = this.#plan.spans.clock.timer(ms, resolve)
    })
    try {
      await this.within(over)
    } finally {
      timer?.cancel()
    }
  }

  /** The call has ended: a source that hangs must not keep timers and listeners for ever. */
  end(): void {
    this.#plan.spans.delete(this)
    this.#stopListening?.()
  }

  /** Ends it before the call. */
  giveUp(error: unknown): void {
    if (this.isOver) return
    this.#over = { error }
    this.end()
    // Whoever comes now must not join what has just failed.
    for (const flight of this.#plan.flights) flight.isClosed = true
    this.#onOver?.(error)
    this.#controller?.abort(error)
  }

  /** Its time is up. */
  runOut(): void {
    const { family, flights, queuedMs } = this.#plan
    this.giveUp(loadTimeout(family, keyNames(flights), this.deadlineMs - queuedMs))
  }

  /** The callers of one of its flights have left; the last ones end it. */
  abandoned(): void {
    const { flights } = this.#plan
    if (flights.every((flight) => flight.isAbandoned)) this.giveUp(callersLeft(keyNames(flights)))
  }

  /** Ends with the source that asked for it. */
  #follow(outer: AbortSignal): void {
    const onAbort = () => this.giveUp(outer.reason)
    outer.addEventListener('abort', onAbort)
    this.#stopListening = () => outer.removeEventListener('abort', onAbort)
    if (outer.aborted) onAbort()
  }
}

function keyNames(flights: readonly KeyFlight[]): string {
  const [first] = flights
  const others = flights.length - 1
  return others > 0 ? `${first?.key} and ${others} more` : `${first?.key}`
}
