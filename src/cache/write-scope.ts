/**
 * Which keys a chain of calls is writing by `mutate`: what it reads of them goes to the
 * source and is kept nowhere, and it can't quarantine them a second time (CONTRACT 21).
 */
import { AsyncScope, type Chains } from './async-scope.ts'

interface Writing {
  readonly keys: ReadonlySet<string>
  readonly outer: Writing | undefined
  /** What the write left running is not part of it any more. */
  isOver: boolean
}

export class WriteScope {
  readonly #scope: AsyncScope<Writing>

  constructor(chains: Chains) {
    this.#scope = new AsyncScope(chains)
  }

  /** True inside of any write. */
  get isEntered(): boolean {
    return this.#scope.current !== undefined
  }

  /** True inside of a write of this key. */
  covers(key: string): boolean {
    let writing = this.#scope.current
    while (writing !== undefined) {
      if (!writing.isOver && writing.keys.has(key)) return true
      writing = writing.outer
    }
    return false
  }

  async run<T>(keys: readonly string[], write: () => T | PromiseLike<T>): Promise<T> {
    const writing = { keys: new Set(keys), outer: this.#scope.current, isOver: false }
    try {
      return await this.#scope.run(writing, write)
    } finally {
      writing.isOver = true
    }
  }
}
