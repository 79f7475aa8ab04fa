/** Token buckets of this process, by name: as few as are not full, and a bounded number. */
import type { Clock } from '../core/contracts/clock.ts'
import { type Take, type TakeReply, takeFrom } from '../core/token-bucket.ts'

/** Beyond it the bucket that was used longest ago is forgotten, so it is full. */
export const bucketsMax = 10_000

export class TokenBuckets {
  readonly #clock: Clock
  /** When each is full; the one used last is last. */
  readonly #fullMicros = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get count(): number {
    return this.#fullMicros.size
  }

  take(name: string, ask: Take): TakeReply {
    const nowMicros = Math.floor(this.#clock.now() * 1_000)
    const { fullMicros, reply } = takeFrom(this.#fullMicros.get(name), ask, nowMicros)
    this.#fullMicros.delete(name)
    this.#fullMicros.set(name, fullMicros)
    this.#forgetOldest(nowMicros)
    return reply
  }

  /** Those at the front that are full go too: they need no record. */
  #forgetOldest(nowMicros: number): void {
    for (const [name, fullMicros] of this.#fullMicros) {
      if (fullMicros > nowMicros && this.#fullMicros.size <= bucketsMax) return
      this.#fullMicros.delete(name)
    }
  }
}
