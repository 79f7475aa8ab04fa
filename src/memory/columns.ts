/**
 * The parts of entries, in columns: an object for each entry would take three times the
 * room. They grow by an eighth, since by doubling they would be emptier than the bound on
 * an entry's room allows (`heap.test.ts`). What few entries have, has a column when one does.
 */
import { detached } from '../base/detached.ts'
import type { MemoryId } from '../core/contracts/memory.ts'

/**
 * Numbers of an entry, and where each of them is: words of 32 bits, and behind them times of
 * twice that, in one buffer, since a hit that finds them together waits for memory once.
 */
export const wordsPerEntry = 12
export const word = {
  generation: 0,
  /** From above: partition, size, marks. */
  marks: 1,
  /** Whole milliseconds from birth for which it is fresh. */
  life: 2,
  /** Three of them. */
  fid: 3,
  previous: 6,
  next: 7,
} as const

export const timesPerEntry = 6
export const time = { clock: 4, bornMs: 5 } as const

/** Where a partition, of at most 256, and a size (`size-bits.ts`) stand in the word of marks. */
export const partitionShift = 24
export const sizeShift = 9
export const sizeMask: number = 0x7fff << sizeShift

/** Marks of an entry. */
export const mark = {
  uses: 0b11,
  /** In which queue it is; 0: the slot is free. */
  queue: 0b1100,
  /** Its next use is told to the observer. */
  isWatched: 0b1_0000,
  hasTags: 0b10_0000,
  hasOrder: 0b100_0000,
  /** Its fill id is not of the usual form. */
  hasOddFid: 0b1000_0000,
  /** It is kept beyond its life. */
  hasStaleLife: 0b1_0000_0000,
} as const

const slotsMin = 64

export class Columns {
  words: Uint32Array = new Uint32Array(0)
  /** The same buffer. */
  times: Float64Array = new Float64Array(this.words.buffer)
  ids: (MemoryId | undefined)[] = []
  values: unknown[] = []
  readonly #slotsMax: number
  #slots = 0
  #tags: (readonly string[] | undefined)[] | undefined
  #orders: BigUint64Array | undefined
  #staleLives: Uint32Array | undefined

  /** No room is set aside for more than `slotsMax`. */
  constructor(slotsMax: number) {
    this.#slotsMax = slotsMax
  }

  get slots(): number {
    return this.#slots
  }

  tagsAt(slot: number): readonly string[] | undefined {
    return this.#tags?.[slot]
  }

  orderAt(slot: number): bigint {
    return this.#orders?.[slot] ?? 0n
  }

  /** Whole milliseconds from birth for which it is kept. */
  staleLifeAt(slot: number): number {
    return this.#staleLives?.[slot] ?? 0
  }

  putTags(slot: number, tags: readonly string[]): void {
    this.#tags ??= new Array(this.#slots).fill(undefined)
    // A tag that was read from Redis is a piece of the slot's text, its payload included.
    this.#tags[slot] = tags.map(detached)
  }

  putOrder(slot: number, order: bigint): void {
    this.#orders ??= new BigUint64Array(this.#slots)
    this.#orders[slot] = order
  }

  putStaleLife(slot: number, lifeMs: number): void {
    this.#staleLives ??= new Uint32Array(this.#slots)
    this.#staleLives[slot] = lifeMs
  }

  /** Lets go of everything that the entry refers to. */
  clear(slot: number): void {
    this.ids[slot] = undefined
    this.values[slot] = undefined
    if (this.#tags !== undefined) this.#tags[slot] = undefined
  }

  /** Room for one more slot at least. */
  grow(): void {
    const wanted = this.#slots + Math.max(slotsMin, this.#slots >>> 3)
    const slots = Math.max(this.#slots + 1, Math.min(wanted, this.#slotsMax))
    this.#slots = slots
    this.words = copied(this.words, new Uint32Array(slots * wordsPerEntry))
    this.times = new Float64Array(this.words.buffer)
    this.ids = extended(this.ids, slots)
    this.values = extended(this.values, slots)
    this.#tags = this.#tags && extended(this.#tags, slots)
    this.#orders = this.#orders && copied(this.#orders, new BigUint64Array(slots))
    this.#staleLives = this.#staleLives && copied(this.#staleLives, new Uint32Array(slots))
  }
}

function copied<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from)
  return to
}

/** By no more than is asked for, as `push` would. */
function extended<T>(from: readonly (T | undefined)[], slots: number): (T | undefined)[] {
  const to: (T | undefined)[] = new Array(slots).fill(undefined)
  for (let slot = 0; slot < from.length; slot++) to[slot] = from[slot]
  return to
}
