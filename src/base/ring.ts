/** A queue of bounded length: when it is full, the oldest item makes room. */
export class Ring<T extends NonNullable<unknown>> implements Iterable<T> {
  readonly countMax: number
  #items: (T | undefined)[] = []
  #first = 0
  #count = 0

  constructor(countMax: number) {
    if (!Number.isSafeInteger(countMax) || countMax < 1) {
      throw new RangeError(`A ring holds at least one item, not ${countMax}`)
    }
    this.countMax = countMax
  }

  get count(): number {
    return this.#count
  }

  /** True: the oldest item was dropped to make room. */
  push(item: T): boolean {
    const isFull = this.#count === this.countMax
    if (isFull) this.#dropFirst()
    this.#items[(this.#first + this.#count) % this.countMax] = item
    this.#count++
    return isFull
  }

  /** Removes and returns the oldest item. */
  shift(): T | undefined {
    if (this.#count === 0) return undefined
    const item = this.#items[this.#first]
    this.#dropFirst()
    return item
  }

  clear(): void {
    this.#items = []
    this.#first = 0
    this.#count = 0
  }

  /** From oldest to newest. */
  *[Symbol.iterator](): Iterator<T> {
    for (let offset = 0; offset < this.#count; offset++) {
      const item = this.#items[(this.#first + offset) % this.countMax]
      if (item !== undefined) yield item
    }
  }

  #dropFirst(): void {
    this.#items[this.#first] = undefined
    this.#first = (this.#first + 1) % this.countMax
    this.#count--
  }
}
