/**
 * How much the values of each key of a family change, for its TTL (`volatility`). The last
 * value of a key is kept for that, because when the next one comes its slot is usually gone.
 */
import { dropOldest } from '../base/drop-oldest.ts'
import { smoothed } from '../core/ttl-policy.ts'
import type { VolatilityRules } from '../core/ttl-rules.ts'

/** Beyond it the key loaded longest ago is forgotten, and has the declared TTL again. */
export const unrestKeysMax = 1_000
/** Larger values are not kept, and have the declared TTL: 16 MB of payloads at most. */
export const unrestCharsMax = 16_384

/** The last value of a key. */
interface Last {
  readonly value: unknown
  readonly unrest: number | undefined
}

export class Unrest {
  readonly #rules: VolatilityRules
  readonly #lastByKey = new Map<string, Last>()

  constructor(rules: VolatilityRules) {
    this.#rules = rules
  }

  get count(): number {
    return this.#lastByKey.size
  }

  /**
   * The unrest of a key after its next value; undefined: nothing to compare with. Throws what
   * the author's function throws.
   */
  after(key: string, value: unknown, chars: number): number | undefined {
    const before = this.#lastByKey.get(key)
    this.#lastByKey.delete(key)
    if (chars > unrestCharsMax) return undefined
    const unrest = before && smoothed(before.unrest, this.#rules.distance(before.value, value))
    if (this.#lastByKey.size >= unrestKeysMax) dropOldest(this.#lastByKey)
    this.#lastByKey.set(key, { value, unrest })
    return unrest
  }
}
