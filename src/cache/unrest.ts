/**
 * How much the values of each key of a family change, for its TTL (`volatility`). The last
 * value of a key is kept for that, because when the next one comes its slot is usually gone.
 */
import { smoothed } from '../core/ttl-policy.ts'
import type { VolatilityRules } from '../core/ttl-rules.ts'

/** Beyond it the key loaded longest ago is forgotten, and has the declared TTL again. */
export const unrestKeysMax = 1_000
/** Larger values are not kept, and have the declared TTL: 16 MB of payloads at most. */
export const unrestCharsMax = 16_384

interface Record {
  readonly value: unknown
  readonly unrest: number | undefined
}

export class Unrest {
  readonly #rules: VolatilityRules
  readonly #byKey = new Map<string, Record>()

  constructor(rules: VolatilityRules) {
    this.#rules = rules
  }

  get count(): number {
    return this.#byKey.size
  }

  /**
   * The unrest of a key after its next value; undefined: nothing to compare with. Throws what
   * the author's function throws.
   */
  after(key: string, value: unknown, chars: number): number | undefined {
    const before = this.#byKey.get(key)
    this.#byKey.delete(key)
    if (chars > unrestCharsMax) return undefined
    const unrest = before && smoothed(before.unrest, this.#rules.distance(before.value, value))
    if (this.#byKey.size >= unrestKeysMax) this.#dropFirst()
    this.#byKey.set(key, { value, unrest })
    return unrest
  }

  #dropFirst(): void {
    for (const key of this.#byKey.keys()) {
      this.#byKey.delete(key)
      return
    }
  }
}
