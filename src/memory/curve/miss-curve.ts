/**
 * A miss-ratio curve: which share of uses a cache of a given size would miss, if it evicted
 * what was used longest ago. It falls with the size, and is known at some points; between
 * them it is a line, beyond the last one it stays as it is.
 */
export class MissCurve {
  readonly #sizes: readonly number[]
  readonly #ratios: readonly number[]

  /** Sizes in entries rise, ratios fall; both begin with the empty cache. */
  constructor(sizes: readonly number[], ratios: readonly number[]) {
    this.#sizes = sizes
    this.#ratios = ratios
  }

  /** From 0 to 1. */
  missRatioAt(entries: number): number {
    const sizes = this.#sizes
    let [low, high] = [0, sizes.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((sizes[middle] ?? 0) <= entries) low = middle + 1
      else high = middle
    }
    const [before, after] = [this.#ratios[low - 1], this.#ratios[low]]
    if (before === undefined) return 1
    if (after === undefined) return before
    const from = sizes[low - 1] ?? 0
    const share = (entries - from) / ((sizes[low] ?? from) - from)
    return before + (after - before) * share
  }

  /** With as many entries as the bytes have room for. */
  missRatioAtBytes(bytes: number, bytesPerEntry: number): number {
    return this.missRatioAt(bytes / Math.max(1, bytesPerEntry))
  }
}
