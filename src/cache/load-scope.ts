/**
 * What a source is doing while it runs, found again by every `get` it makes: those
 * are strict, inherit signal and deadline, and may not ask for a key that the same
 * chain is loading (CONTRACT 14).
 *
 * Node 20 slows every promise while an AsyncLocalStorage is in use, so it is switched
 * off whenever no source runs; a process that only hits memory doesn't pay for it.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

export interface Scope {
  /** Key texts being loaded, the outermost first. */
  readonly chain: readonly string[]
  readonly signal: AbortSignal
  /** On the monotonic clock. */
  readonly deadlineMs: number
}

export class LoadScope {
  readonly #storage = new AsyncLocalStorage<Scope>()
  #running = 0

  /** Undefined outside of a source. */
  get current(): Scope | undefined {
    return this.#running === 0 ? undefined : this.#storage.getStore()
  }

  async run<T>(scope: Scope, source: () => T | PromiseLike<T>): Promise<T> {
    this.#running++
    try {
      return await this.#storage.run(scope, async () => source())
    } finally {
      this.#running--
      if (this.#running === 0) this.#storage.disable()
    }
  }
}
