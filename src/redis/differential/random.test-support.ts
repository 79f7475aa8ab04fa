/** A small generator of pseudo-random numbers (xorshift), so that one seed replays a run. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1
    for (let warm = 0; warm < 8; warm++) this.below(2)
  }

  /** A whole number from 0 up to, not including, `bound`. */
  below(bound: number): number {
    let state = this.#state
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    this.#state = state >>> 0
    return this.#state % bound
  }

  chance(percent: number): boolean {
    return this.below(100) < percent
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0]
  }

  /** Up to `max` of them, in random order, now and then one twice. */
  some<T>(choices: readonly [T, ...T[]], max: number): T[] {
    return Array.from({ length: this.below(max + 1) }, () => this.pick(choices))
  }
}
