/** The calls of sources under way: when the cache is closed and its grace has passed, they end. */
import type { CallSpan } from './call-span.ts'

export class CallSpans {
  readonly #closing: AbortSignal
  readonly #open = new Set<CallSpan>()

  /** One listener for all: adding one for each call would cost more than the rest of a span. */
  constructor(closing: AbortSignal) {
    this.#closing = closing
    closing.addEventListener('abort', () => {
      for (const span of [...this.#open]) span.giveUp(closing.reason)
    })
  }

  add(span: CallSpan): void {
    this.#open.add(span)
    if (this.#closing.aborted) span.giveUp(this.#closing.reason)
  }

  delete(span: CallSpan): void {
    this.#open.delete(span)
  }
}
