/** A heap of whole numbers of 32 bits, of which the largest is taken first. */
export class LargestFirst {
  readonly #numbers: Uint32Array
  #size = 0

  constructor(room: number) {
    this.#numbers = new Uint32Array(room)
  }

  /** There must be room. */
  add(number: number): void {
    let at = this.#size++
    while (at > 0) {
      const parent = (at - 1) >>> 1
      const above = this.#numbers[parent] ?? 0
      if (above >= number) break
      this.#numbers[at] = above
      at = parent
    }
    this.#numbers[at] = number
  }

  /** It must not be empty. */
  take(): number {
    const largest = this.#numbers[0] ?? 0
    const last = this.#numbers[--this.#size] ?? 0
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= this.#size) break
      if (child + 1 < this.#size && this.#at(child + 1) > this.#at(child)) child++
      if (this.#at(child) <= last) break
      this.#numbers[at] = this.#at(child)
      at = child
    }
    this.#numbers[at] = last
    return largest
  }

  #at(index: number): number {
    return this.#numbers[index] ?? 0
  }
}
