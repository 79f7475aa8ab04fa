/**
 * What an asynchronous chain of calls is doing, found again by whatever it calls.
 *
 * Node 20 slows every promise while an AsyncLocalStorage is in use, so it is switched
 * off whenever nothing runs in the scope; a process that only hits memory doesn't pay for it.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

/** Chains under way in any of several scopes: while there is none, nobody need ask them. */
export class Chains {
  count = 0
}

export class AsyncScope<T> {
  readonly #storage = new AsyncLocalStorage<T>()
  readonly #chains: Chains
  #running = 0

  constructor(chains: Chains) {
    this.#chains = chains
  }

  /** Undefined outside of any chain. */
  get current(): T | undefined {
    return this.#running === 0 ? undefined : this.#storage.getStore()
  }

  async run<R>(state: T, work: () => R | PromiseLike<R>): Promise<R> {
    try {
      return await this.enter(state, work)
    } finally {
      this.leave()
    }
  }

  /** What it works on is in the scope; when that has settled, `leave` must be called, once. */
  enter<R>(state: T, work: () => R | PromiseLike<R>): Promise<R> {
    this.#running++
    this.#chains.count++
    try {
      // Made a promise inside: what does its work when it is awaited does it in the scope too.
      return this.#storage.run(state, () => Promise.resolve(work()))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  leave(): void {
    this.#running--
    this.#chains.count--
    if (this.#running === 0) this.#storage.disable()
  }
}
