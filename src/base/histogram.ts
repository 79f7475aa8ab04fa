/**
 * Counts of numbers in buckets that grow by a fixed factor: bounded whatever is counted, two
 * of them add up, and a percentile is at most that factor too high.
 */
export class Histogram {
  readonly #counts: number[]
  #max: number

  constructor(snapshot: HistogramSnapshot = { counts: [], max: 0 }) {
    this.#counts = [...snapshot.counts]
    this.#max = snapshot.max
  }

  get count(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0)
  }

  get max(): number {
    return this.#max
  }

  add(value: number): void {
    this.#count(bucketOf(value), 1)
    this.#max = Math.max(this.#max, value)
  }

  merge({ counts, max }: HistogramSnapshot): void {
    for (const [bucket, count] of counts.entries()) this.#count(bucket, count)
    this.#max = Math.max(this.#max, max)
  }

  /** The number that a share (0 to 1) of all does not exceed; 0 if nothing was counted. */
  percentile(share: number): number {
    const rank = Math.ceil(this.count * share)
    let seen = 0
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count
      if (seen >= rank && count > 0) return Math.min(upperEnd(bucket), this.#max)
    }
    return 0
  }

  snapshot(): HistogramSnapshot {
    return { counts: [...this.#counts], max: this.#max }
  }

  #count(bucket: number, count: number): void {
    while (this.#counts.length <= bucket) this.#counts.push(0)
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count
  }
}

/** What crosses between processes. */
export interface HistogramSnapshot {
  readonly counts: readonly number[]
  readonly max: number
}

const smallest = 0.01
const growth = 1.05
const growthLog = Math.log(growth)
/** Up to about 10⁹. */
const bucketsMax = 520

function bucketOf(value: number): number {
  if (value <= smallest) return 0
  return Math.min(bucketsMax - 1, Math.ceil(Math.log(value / smallest) / growthLog))
}

function upperEnd(bucket: number): number {
  return smallest * growth ** bucket
}
