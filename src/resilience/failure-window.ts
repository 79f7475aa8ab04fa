/**
 * Calls and failures of the last while, in ten buckets that are reused: its size does not
 * depend on how many calls there are, and what it counts is at most a tenth too long ago.
 */
const bucketCount = 10

interface Bucket {
  /** Which tenth of a window since time began. */
  turn: number
  calls: number
  failures: number
}

export class FailureWindow {
  readonly #bucketMs: number
  readonly #buckets: readonly Bucket[] = Array.from({ length: bucketCount }, () => {
    return { turn: Number.NEGATIVE_INFINITY, calls: 0, failures: 0 }
  })

  constructor(windowMs: number) {
    this.#bucketMs = windowMs / bucketCount
  }

  add(nowMs: number, isFailure: boolean): void {
    const turn = Math.floor(nowMs / this.#bucketMs)
    const bucket = this.#buckets[((turn % bucketCount) + bucketCount) % bucketCount]
    if (bucket === undefined) throw new RangeError(`no bucket for ${nowMs} ms`)
    if (bucket.turn !== turn) Object.assign(bucket, { turn, calls: 0, failures: 0 })
    bucket.calls++
    if (isFailure) bucket.failures++
  }

  total(nowMs: number): { readonly calls: number; readonly failures: number } {
    const oldest = Math.floor(nowMs / this.#bucketMs) - bucketCount + 1
    let [calls, failures] = [0, 0]
    for (const bucket of this.#buckets) {
      if (bucket.turn < oldest) continue
      calls += bucket.calls
      failures += bucket.failures
    }
    return { calls, failures }
  }
}
