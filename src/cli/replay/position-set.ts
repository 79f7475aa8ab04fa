/**
 * A set of positions below a bound that knows its largest one: a tree of bits in which each
 * word of a level tells which 32 words below it are not empty. All steps are O(log₃₂ n).
 */
export class PositionSet {
  /** From the leaves to the root, which is one word. */
  readonly #levels: readonly Uint32Array[]
  #size = 0

  constructor(bound: number) {
    const levels: Uint32Array[] = []
    let words = bound
    do {
      words = Math.max(1, Math.ceil(words / 32))
      levels.push(new Uint32Array(words))
    } while (words > 1)
    this.#levels = levels
  }

  get size(): number {
    return this.#size
  }

  has(position: number): boolean {
    return (((this.#levels[0]?.[position >>> 5] ?? 0) >>> (position & 31)) & 1) === 1
  }

  /** It must not be in it. */
  add(position: number): void {
    this.#size++
    let at = position
    for (const level of this.#levels) {
      const word = level[at >>> 5] ?? 0
      level[at >>> 5] = word | (1 << (at & 31))
      if (word !== 0) return
      at >>>= 5
    }
  }

  /** It must be in it. */
  remove(position: number): void {
    this.#size--
    let at = position
    for (const level of this.#levels) {
      const word = (level[at >>> 5] ?? 0) & ~(1 << (at & 31))
      level[at >>> 5] = word
      if (word !== 0) return
      at >>>= 5
    }
  }

  /** The set must not be empty. */
  largest(): number {
    let at = 0
    for (let level = this.#levels.length - 1; level >= 0; level--) {
      const word = this.#levels[level]?.[at] ?? 0
      at = at * 32 + 31 - Math.clz32(word)
    }
    return at
  }
}
