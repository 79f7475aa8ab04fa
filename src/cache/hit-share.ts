/** One memory hit in so many, unevenly: who reads in step with it would be seen always or never. */

/** Its multiples fall evenly and without a period into [0, 1). */
const goldenRatio = (Math.sqrt(5) - 1) / 2

export class HitShare {
  /** How many hits one that is taken stands for; 1: each is taken. */
  readonly weight: number
  #left = 0
  #gaps = 0

  constructor(weight: number) {
    this.weight = weight
  }

  /** Whether this one is taken, which stands for `hits` itself. */
  takes(hits: number): boolean {
    if (this.weight <= hits) return true
    this.#left -= hits
    if (this.#left > 0) return false
    this.#gaps = (this.#gaps + goldenRatio) % 1
    this.#left += 1 + Math.round(2 * (this.weight - 1) * this.#gaps)
    return true
  }
}
