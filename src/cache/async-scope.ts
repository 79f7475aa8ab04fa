/**
 * What an asynchronous chain of calls is doing, found again by whatever it calls.
 *
 * Node 20 slows every promise while an AsyncLocalStorage is in use, so it is switched
 * off whenever nothing runs in the scope; a process that only hits memory doesn't pay for it.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

export class AsyncScope<T> {
  readonly #storage = new AsyncLocalStorage<T>()
  #running = 0

  /** Undefined outside of any chain. */
  get current(): T | undefined {
    return this.#running === 0 ? undefined : this.#storage.getStore()
  }

  run<R>(state: T, work: () => R | PromiseLike<R>): Promise<R> {
    this.#running++
    return this.#storage.run(state, () => this.#through(work))
  }

  async #through<R>(work: () => R | PromiseLike<R>): Promise<R> {
    try {
      return await work()
    } finally {
      this.#running--
      if (this.#running === 0) this.#storage.disable()
    }
  }
}
