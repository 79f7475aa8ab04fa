/**
 * After a load that failed while an old value was there, the next attempt waits: twice as
 * long after each failure, less a random part, so that processes do not come back together.
 * Meanwhile the old value is served at once. Keys without an old value are never paused.
 */
import { dropOldest } from '../base/drop-oldest.ts'
import type { Chance, Clock } from '../core/contracts/clock.ts'
import type { StaleReason } from '../core/outcome.ts'
import { backoffMs } from '../resilience/index.ts'

export const pauseFirstMs = 1_000
export const pauseMostMs = 60_000
/** Beyond it the oldest is forgotten: its key is tried once more than it should. */
export const pausesMax = 10_000

interface Pause {
  readonly failures: number
  readonly untilMs: number
  readonly why: StaleReason
}

export class Pauses {
  readonly #clock: Clock
  readonly #chance: Chance
  readonly #byKey = new Map<string, Pause>()

  constructor(clock: Clock, chance: Chance) {
    this.#clock = clock
    this.#chance = chance
  }

  get count(): number {
    return this.#byKey.size
  }

  /** Why the key is not loaded now; undefined: it may be. */
  reasonOf(key: string): StaleReason | undefined {
    const pause = this.#byKey.get(key)
    return pause !== undefined && this.#clock.now() < pause.untilMs ? pause.why : undefined
  }

  /** The key pauses. One failure that several callers tell of counts once. */
  failed(key: string, why: StaleReason): void {
    const nowMs = this.#clock.now()
    const before = this.#byKey.get(key)
    if (before !== undefined && nowMs < before.untilMs) return
    const failures = (before?.failures ?? 0) + 1
    const fullMs = backoffMs({ firstMs: pauseFirstMs, mostMs: pauseMostMs }, failures)
    const pauseMs = fullMs * (0.5 + this.#chance.unit() / 2)
    this.#byKey.delete(key)
    if (this.#byKey.size >= pausesMax) dropOldest(this.#byKey)
    this.#byKey.set(key, { failures, untilMs: nowMs + pauseMs, why })
  }

  succeeded(key: string): void {
    this.#byKey.delete(key)
  }
}
