/** Numbers counted in buckets with fixed edges: an increment of an array each. */

export class BucketCounts {
  readonly #edges: readonly number[]
  /** The last is of what is beyond all edges. */
  readonly #counts: Float64Array
  #sum = 0

  constructor(edges: readonly number[]) {
    this.#edges = edges
    this.#counts = new Float64Array(edges.length + 1)
  }

  get sum(): number {
    return this.#sum
  }

  /** `weight`: how many like it there were. An edge belongs to the bucket below it. */
  add(value: number, weight: number): void {
    const edges = this.#edges
    let bucket = 0
    while (bucket < edges.length && value > (edges[bucket] ?? 0)) bucket++
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + weight
    this.#sum += value * weight
  }

  /** Of each edge: how many were not beyond it. The last: how many there were. */
  cumulative(): readonly number[] {
    let sum = 0
    return Array.from(this.#counts, (count) => {
      sum += count
      return sum
    })
  }
}
