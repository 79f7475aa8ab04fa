/**
 * Is it worth looking for a value before asking for the right to load it? LEASE gives a value
 * that is there as well, so whoever expects none saves a round trip by asking for the lease at
 * once. But it is a script: a hit costs the server ten times a GET. So reads of a family skip
 * the look only after so many in a row that found nothing, and look again after the first
 * that would have found something.
 */

/** Where half of all looks find something, one streak in 256 is that long. */
const longMin = 8

export class MissStreak {
  #missed = 0

  get isLong(): boolean {
    return this.#missed >= longMin
  }

  add(missed: number): void {
    this.#missed += missed
  }

  /** A value was there, or nobody knows. */
  end(): void {
    this.#missed = 0
  }
}
