/**
 * The calls of sources under way. They share a timer, because most end long before their
 * deadline; when the cache is closed and its grace has passed, they end.
 */
import { AsyncResource } from 'node:async_hooks'
import { Chain } from '../base/chain.ts'
import type { Clock, Timer } from '../core/contracts/clock.ts'
import type { CallSpan } from './call-span.ts'

export class CallSpans {
  readonly clock: Clock
  readonly #closing: AbortSignal
  readonly #open = new Chain<CallSpan>()
  /** Whoever arms the timer must not have the others end in its scope. */
  readonly #context = new AsyncResource('staleproof.calls')
  #timer: Timer | undefined
  /** When it fires: no deadline is earlier. */
  #dueMs: number = Number.POSITIVE_INFINITY

  /** One listener for all: adding one for each call would cost more than the rest of a span. */
  constructor(clock: Clock, closing: AbortSignal) {
    this.clock = clock
    this.#closing = closing
    closing.addEventListener('abort', () => {
      for (const span of this.#open.all()) span.giveUp(closing.reason)
    })
  }

  add(span: CallSpan): void {
    this.#open.add(span)
    if (span.deadlineMs < this.#dueMs) this.#arm(span.deadlineMs)
    if (this.#closing.aborted) span.giveUp(this.#closing.reason)
  }

  delete(span: CallSpan): void {
    this.#open.delete(span)
    if (this.#open.length === 0) this.#disarm()
  }

  #arm(dueMs: number): void {
    this.#timer?.cancel()
    this.#dueMs = dueMs
    const delayMs = dueMs - this.clock.now()
    const onDue = () => this.#onDue()
    this.#timer = this.#context.runInAsyncScope(() => this.clock.timer(delayMs, onDue))
  }

  #disarm(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#dueMs = Number.POSITIVE_INFINITY
  }

  #onDue(): void {
    const nowMs = this.clock.now()
    this.#disarm()
    for (const span of this.#open.all()) if (span.deadlineMs <= nowMs) span.runOut()
    let dueMs = Number.POSITIVE_INFINITY
    for (const { deadlineMs } of this.#open.all()) dueMs = Math.min(dueMs, deadlineMs)
    if (dueMs < this.#dueMs) this.#arm(dueMs)
  }
}
