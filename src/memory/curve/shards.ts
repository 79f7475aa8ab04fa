/**
 * A miss-ratio curve from a sample of the keys, for whoever sees every use (SHARDS with a
 * fixed size: Waldspurger, Park, Garthwaite, Ahmad, "Efficient MRC Construction with SHARDS",
 * FAST 2015).
 *
 * A key is in the sample if its hash is below a threshold. Between two uses of such a key,
 * the sampled keys used stand for all of them: their number, divided by the sampled share, is
 * the size from which a cache hits. When more keys are sampled than there is room for, the
 * threshold sinks and the key with the largest hash leaves.
 *
 * A hot key that happens to be sampled, or not, skews the curve. How many uses the sample
 * should have had is known; what is missing is counted as hits of any size, what is too much
 * is taken from them (SHARDS-adj). That mends most of it, because hot keys have short distances.
 */
import { Counts } from './counts.ts'
import { LargestFirst } from './largest-first.ts'
import { MissCurve } from './miss-curve.ts'
import { Recency } from './recency.ts'

/** With fewer the error rises above 0.02, with more hardly anything is gained. */
export const sampledKeysMax = 8_192
const hashes = 2 ** 32

export class Shards {
  readonly #slots = new Map<number, number>()
  readonly #freeSlots: number[] = []
  readonly #largest = new LargestFirst(sampledKeysMax + 1)
  readonly #recency = new Recency(sampledKeysMax + 1)
  readonly #distances = new Counts()
  /** Hashes below it are sampled. */
  #threshold = hashes
  #uses = 0
  /** Uses that the sampled ones stand for. */
  #sampledUses = 0

  get sampledKeys(): number {
    return this.#slots.size
  }

  /** A use of the key with this hash of 32 bits, evenly spread; every use is told. */
  use(hash: number): void {
    this.#uses++
    if (hash >= this.#threshold) return
    const weight = hashes / this.#threshold
    this.#sampledUses += weight
    const slot = this.#slots.get(hash)
    if (slot === undefined) {
      this.#admit(hash)
      return
    }
    const others = this.#recency.rankOf(slot) - 1
    this.#distances.add(others * weight + 1, weight)
    this.#recency.use(slot)
  }

  curve(): MissCurve {
    const [sizes, ratios] = [[0], [1]]
    let hits = this.#uses - this.#sampledUses
    const push = (size: number) => {
      sizes.push(size)
      ratios.push(Math.min(1, Math.max(0, 1 - hits / this.#uses)))
    }
    for (const { first, last, weight } of this.#distances.steps()) {
      push(first - 1)
      hits += weight
      push(last)
    }
    return new MissCurve(sizes, ratios)
  }

  #admit(hash: number): void {
    const slot = this.#freeSlots.pop() ?? this.#slots.size
    this.#slots.set(hash, slot)
    this.#largest.add(hash)
    this.#recency.use(slot)
    if (this.#slots.size > sampledKeysMax) this.#lower()
  }

  #lower(): void {
    this.#threshold = this.#largest.take()
    const slot = this.#slots.get(this.#threshold)
    if (slot === undefined) return
    this.#slots.delete(this.#threshold)
    this.#recency.remove(slot)
    this.#freeSlots.push(slot)
  }
}
