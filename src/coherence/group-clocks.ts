/**
 * What this process has heard about groups of one partition (PROTOCOL 4, L1 side):
 * the floor and the clock of every invalidated tag, checked lazily on each hit.
 * Every clock is remembered, whether an entry has the tag or not, because tags may
 * be learned after the load; forgetting one for space raises the floor to it.
 */

/** Tags remembered per partition; beyond it the oldest is folded into the floor. */
export const tagClocksMax = 10_000

export class GroupClocks {
  /** No entry with an older clock is valid. */
  floor = 0
  /** The newest of all clocks: an entry at least as new needs no closer look. */
  newest = 0
  readonly #tags = new Map<string, number>()

  get tagCount(): number {
    return this.#tags.size
  }

  raiseFloor(clock: number): void {
    if (clock > this.floor) this.floor = clock
    if (clock > this.newest) this.newest = clock
  }

  raiseTag(tag: string, clock: number): void {
    const known = this.#tags.get(tag) ?? 0
    if (clock <= known) return
    this.#tags.delete(tag)
    this.#tags.set(tag, clock)
    if (clock > this.newest) this.newest = clock
    if (this.#tags.size > tagClocksMax) this.#forgetOldest()
  }

  /** Another lineage of clocks began; entries of the earlier one are suspects by now. */
  reset(): void {
    this.floor = 0
    this.newest = 0
    this.#tags.clear()
  }

  /** True when no group of the entry was invalidated after its load began. */
  covers(clock: number, tags: readonly string[]): boolean {
    if (clock >= this.newest) return true
    if (clock < this.floor) return false
    for (const tag of tags) {
      if ((this.#tags.get(tag) ?? 0) > clock) return false
    }
    return true
  }

  #forgetOldest(): void {
    for (const [tag, clock] of this.#tags) {
      this.#tags.delete(tag)
      this.raiseFloor(clock)
      return
    }
  }
}
