/** Chance from a seed (xorshift of 32 bits), and the uneven choices that traffic is made of. */

export class Chance {
  #state: number

  constructor(seed: number) {
    // Zero would stay zero; and near seeds begin far apart.
    this.#state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995) | 0 || 1
  }

  /** At least 0, less than 1. */
  unit(): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return (this.#state >>> 0) / 2 ** 32
  }

  /** A whole number from 0, less than `count`. */
  below(count: number): number {
    return Math.floor(this.unit() * count)
  }

  /** The wait for the next of events that come independently, so many a unit of time. */
  gap(perUnit: number): number {
    return -Math.log(1 - this.unit()) / perUnit
  }
}

/** Chooses among numbered things, each with its weight. */
export class Weighted {
  readonly #sums: readonly number[]
  readonly #total: number

  constructor(weights: readonly number[]) {
    let total = 0
    this.#sums = weights.map((weight) => {
      total += weight
      return total
    })
    this.#total = total
    if (!(total > 0)) throw new Error(`expected weights above 0, got ${weights.join(', ')}`)
  }

  /** The number of the chosen thing. */
  choose(chance: Chance): number {
    const point = chance.unit() * this.#total
    let low = 0
    let high = this.#sums.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#sums[middle] ?? 0) > point) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** Zipf's law: the thing of rank r is chosen in proportion to 1 / r to the exponent. */
export function zipf(count: number, exponent: number): Weighted {
  return new Weighted(Array.from({ length: count }, (_, index) => 1 / (index + 1) ** exponent))
}
