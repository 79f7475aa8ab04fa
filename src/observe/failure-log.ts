/**
 * Tells a log when what is tried again and again begins to fail, and when it is well again: a
 * line for each turn of an hour without Redis would say no more.
 */
import type { Logger } from '../core/options.ts'

export class FailureLog {
  readonly #log: Logger | undefined
  readonly #failing = new Set<string>()
  #count = 0

  constructor(log: Logger | undefined) {
    this.#log = log
  }

  /** Of all that failed. */
  get count(): number {
    return this.#count
  }

  failed(what: string, error: unknown): void {
    this.#count++
    if (this.#failing.has(what)) return
    this.#failing.add(what)
    this.#log?.warn({ err: error }, `${what} has failed, and is tried again`)
  }

  succeeded(what: string): void {
    if (this.#failing.delete(what)) this.#log?.info({}, `${what} works again`)
  }
}
