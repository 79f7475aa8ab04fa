/** What is under way to Redis, and how long it took: told where somebody observes. */
import type { Clock } from '../core/contracts/clock.ts'
import type { RedisOperation } from '../core/outcome.ts'
import type { Watchers } from './watchers.ts'

export class RedisMeter {
  /** Calls under way. */
  pending = 0
  readonly #clock: Clock
  readonly #watchers: Watchers

  constructor(clock: Clock, watchers: Watchers) {
    this.#clock = clock
    this.#watchers = watchers
  }

  /** The time, to be handed to `ended`. */
  began(): number {
    this.pending++
    return this.#clock.now()
  }

  ended(operation: RedisOperation, startedMs: number, isAnswered: boolean): void {
    this.pending--
    if (!this.#watchers.isWatched) return
    const ms = this.#clock.now() - startedMs
    this.#watchers.tell({ kind: 'redis', operation, isAnswered, ms })
  }
}
