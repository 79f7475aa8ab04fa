/** How long something took: all of them counted, the last ones kept to tell a percentile. */
export class WaitTimes {
  readonly #lastMs: number[] = []
  #count = 0
  #mostMs = 0

  add(waitMs: number): void {
    this.#lastMs[this.#count % keptMax] = waitMs
    this.#count += 1
    this.#mostMs = Math.max(this.#mostMs, waitMs)
  }

  get count(): number {
    return this.#count
  }

  /** The longest of all. */
  get mostMs(): number {
    return this.#mostMs
  }

  /** What 95 in 100 of the last 512 stayed within; 0 before the first. */
  get p95Ms(): number {
    const sorted = this.#lastMs.toSorted((a, b) => a - b)
    return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0
  }
}

const keptMax = 512
