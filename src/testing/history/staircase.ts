/** A value that only rises, as a list of steps in time. */
export class Staircase {
  readonly #times: Float64Array
  readonly #heights: Float64Array

  /** Steps in any order; a step that is lower than an earlier one changes nothing. */
  constructor(steps: readonly (readonly [ms: number, height: number])[]) {
    const sorted = [...steps].sort(([left], [right]) => left - right)
    this.#times = Float64Array.from(sorted, ([ms]) => ms)
    let highest = 0
    this.#heights = Float64Array.from(sorted, ([, height]) => {
      highest = Math.max(highest, height)
      return highest
    })
  }

  /** The height reached before a moment; 0 if none was. */
  before(ms: number): number {
    return this.#heights[this.#firstIndex((index) => (this.#times[index] ?? 0) >= ms) - 1] ?? 0
  }

  /** The height reached at or before a moment. */
  upTo(ms: number): number {
    return this.#heights[this.#firstIndex((index) => (this.#times[index] ?? 0) > ms) - 1] ?? 0
  }

  /** When it rose above a height; undefined if it never did. */
  roseAbove(height: number): number | undefined {
    return this.#times[this.#firstIndex((index) => (this.#heights[index] ?? 0) > height)]
  }

  /** Of a condition that stays true once it is. */
  #firstIndex(isTrue: (index: number) => boolean): number {
    let [low, high] = [0, this.#times.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isTrue(middle)) high = middle
      else low = middle + 1
    }
    return low
  }
}
