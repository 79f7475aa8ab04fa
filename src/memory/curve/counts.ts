/**
 * How often each of many numbers came: exact for small ones, in steps of 3 % for large
 * ones, so that the room is fixed.
 */

const exactBits = 6
const exactMax = 1 << exactBits
/** Steps in each doubling. */
const steps = 32
/** Larger numbers count as this one. */
const numberMax = 2 ** 31 - 1
const bucketCount = bucketOf(numberMax) + 1

/** Numbers that are not told apart, and how often they came. */
export interface Step {
  readonly first: number
  readonly last: number
  readonly weight: number
}

export class Counts {
  readonly #weights = new Float64Array(bucketCount)

  /** A number from 0. */
  add(number: number, weight: number): void {
    const bucket = bucketOf(Math.min(numberMax, Math.round(number)))
    this.#weights[bucket] = (this.#weights[bucket] ?? 0) + weight
  }

  /** Makes everything that was counted weigh less. */
  scale(factor: number): void {
    for (const [bucket, weight] of this.#weights.entries()) this.#weights[bucket] = weight * factor
  }

  addAll(other: Counts, factor: number): void {
    for (const [bucket, weight] of other.#weights.entries()) {
      this.#weights[bucket] = (this.#weights[bucket] ?? 0) + weight * factor
    }
  }

  /** From small to large; steps that nothing fell into are left out. */
  *steps(): Generator<Step> {
    for (const [bucket, weight] of this.#weights.entries()) {
      if (weight === 0) continue
      yield { first: firstOf(bucket), last: firstOf(bucket + 1) - 1, weight }
    }
  }
}

function bucketOf(number: number): number {
  if (number < exactMax) return number
  const doubling = 31 - Math.clz32(number)
  const step = Math.floor((number / 2 ** doubling - 1) * steps)
  return exactMax + (doubling - exactBits) * steps + step
}

function firstOf(bucket: number): number {
  if (bucket < exactMax) return bucket
  const doubling = exactBits + Math.floor((bucket - exactMax) / steps)
  const step = (bucket - exactMax) % steps
  return 2 ** doubling * (1 + step / steps)
}
