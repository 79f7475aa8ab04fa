/**
 * The order in which some slots were last used, with the rank of each in O(log n): a Fenwick
 * tree counts the time stamps in use. Stamps run out after as many uses as there are slots,
 * and are then given out anew in the same order, which costs O(1) for each of those uses.
 */
export class Recency {
  /** Slot to stamp; 0: not in it. */
  readonly #stamps: Uint32Array
  /** Stamp to slot. */
  readonly #slots: Int32Array
  readonly #tree: Uint32Array
  #lastStamp = 0
  #count = 0

  constructor(slots: number) {
    this.#stamps = new Uint32Array(slots)
    this.#slots = new Int32Array(slots * 2 + 1).fill(-1)
    this.#tree = new Uint32Array(slots * 2 + 1)
  }

  /** 1 for the last one used; it must be in it. */
  rankOf(slot: number): number {
    let older = 0
    for (let at = (this.#stamps[slot] ?? 0) - 1; at > 0; at &= at - 1) {
      older += this.#tree[at] ?? 0
    }
    return this.#count - older
  }

  use(slot: number): void {
    this.remove(slot)
    if (this.#lastStamp === this.#slots.length - 1) this.#renumber()
    this.#place(slot)
  }

  remove(slot: number): void {
    const stamp = this.#stamps[slot] ?? 0
    if (stamp === 0) return
    this.#slots[stamp] = -1
    this.#stamps[slot] = 0
    this.#count--
    this.#add(stamp, -1)
  }

  #place(slot: number): void {
    const stamp = ++this.#lastStamp
    this.#slots[stamp] = slot
    this.#stamps[slot] = stamp
    this.#count++
    this.#add(stamp, 1)
  }

  #add(stamp: number, difference: number): void {
    for (let at = stamp; at < this.#tree.length; at += at & -at) {
      this.#tree[at] = (this.#tree[at] ?? 0) + difference
    }
  }

  #renumber(): void {
    const inOrder = this.#slots.filter((slot) => slot !== -1)
    this.#slots.fill(-1)
    this.#tree.fill(0)
    this.#lastStamp = 0
    this.#count = 0
    for (const slot of inOrder) this.#place(slot)
  }
}
