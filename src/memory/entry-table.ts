/**
 * Entries by id. A slot is a place in the columns that hold the parts of entries; freed ones
 * are used again before columns grow. The numbers that a hit is judged by lie together.
 */
import { detached } from '../base/detached.ts'
import type { IdKind, MemoryId, Standing } from '../core/contracts/memory.ts'
import type { Entry } from '../core/entry.ts'
import { isFields } from '../core/option-checks.ts'
import {
  Columns,
  mark,
  partitionShift,
  sizeMask,
  sizeShift,
  time,
  timesPerEntry,
  word,
  wordsPerEntry,
} from './columns.ts'
import { FieldIndex } from './field-index.ts'
import { packFillId, unpackFillId } from './fill-id.ts'
import { packSize, unpackSize } from './size-bits.ts'

/** In place of a slot: there is none. */
export const noSlot = -1

const orderDigits = 19
/** What a write leaves as it is. */
const placeMarks = mark.uses | mark.queue | mark.isWatched | sizeMask
/** 49 days: what would be kept for longer is kept so long. */
const lifeMsMax = 2 ** 32 - 1

export class EntryTable {
  readonly #slots = new Map<MemoryId, number>()
  /** The same, for those who ask with anything. */
  readonly #held: ReadonlyMap<unknown, number> = this.#slots
  readonly #slotsMax: number
  /** What entries have that say nothing else. */
  readonly #plainTags: readonly string[]
  readonly #ids: IdKind | undefined
  readonly #fields: FieldIndex | undefined
  readonly #oddFids = new Map<number, string>()
  #columns: Columns
  #free: number = noSlot
  #used = 0

  constructor(plainTag: string, slotsMax: number, ids?: IdKind) {
    this.#plainTags = Object.freeze([plainTag])
    this.#slotsMax = slotsMax
    this.#ids = ids
    this.#fields = ids?.names.length ? new FieldIndex(ids.names) : undefined
    this.#columns = new Columns(slotsMax)
  }

  get count(): number {
    return this.#slots.size
  }

  /** No slot in use is as high. */
  get used(): number {
    return this.#used
  }

  ids(): Iterable<MemoryId> {
    return [...this.#slots.keys()]
  }

  find(id: unknown): number {
    return this.#held.get(id) ?? noSlot
  }

  /** The same of an id as callers have it. Throws for what is none, where it has a kind. */
  seek(id: unknown): number {
    return this.#ids === undefined ? this.find(id) : this.#seekAs(this.#ids, id)
  }

  /**
   * Counts a use of an entry that may be served now, and gives its marks; -1: it may not. On
   * the path of every hit, and small enough to be compiled into its callers (`bench`,
   * memory-peek).
   */
  use(slot: number, standings: readonly Standing[], nowMs: number): number {
    const { words, times } = this.#columns
    const at = slot * wordsPerEntry
    const marks = words[at + word.marks] ?? 0
    const standing = standings[marks >>> partitionShift]
    if (standing === undefined) return -1
    const { trust, groups } = standing
    const bornMs = times[slot * timesPerEntry + time.bornMs] ?? 0
    const clock = times[slot * timesPerEntry + time.clock] ?? 0
    const isServable =
      nowMs < bornMs + (words[at + word.life] ?? 0) &&
      nowMs < trust.untilMs &&
      words[at + word.generation] === trust.generation &&
      (clock >= groups.newest || groups.covers(clock, this.#tagsAt(slot)))
    if (!isServable) return -1
    if ((marks & mark.uses) !== mark.uses) words[at + word.marks] = marks + 1
    return marks
  }

  valueAt(slot: number): unknown {
    return this.#columns.values[slot]
  }

  /** Undefined: the slot is free. */
  idAt(slot: number): MemoryId | undefined {
    return this.#columns.ids[slot]
  }

  wordAt(slot: number, which: number): number {
    return this.#columns.words[slot * wordsPerEntry + which] ?? 0
  }

  putWord(slot: number, which: number, bits: number): void {
    this.#columns.words[slot * wordsPerEntry + which] = bits
  }

  /** As it was counted. */
  sizeBytesAt(slot: number): number {
    return unpackSize((this.wordAt(slot, word.marks) & sizeMask) >>> sizeShift)
  }

  putSize(slot: number, sizeBytes: number): void {
    const marks = this.wordAt(slot, word.marks) & ~sizeMask
    this.putWord(slot, word.marks, marks | (packSize(sizeBytes) << sizeShift))
  }

  untilMsAt(slot: number): number {
    return this.#bornMsAt(slot) + this.wordAt(slot, word.life)
  }

  staleUntilMsAt(slot: number): number {
    if ((this.wordAt(slot, word.marks) & mark.hasStaleLife) === 0) return this.untilMsAt(slot)
    return this.#bornMsAt(slot) + this.#columns.staleLifeAt(slot)
  }

  entryAt(slot: number): Entry {
    const marks = this.wordAt(slot, word.marks)
    const order = String(this.#columns.orderAt(slot)).padStart(orderDigits, '0')
    return {
      partition: marks >>> partitionShift,
      value: this.valueAt(slot),
      fid: this.#fidAt(slot),
      clock: this.#columns.times[slot * timesPerEntry + time.clock] ?? 0,
      tags: this.#tagsAt(slot),
      order: (marks & mark.hasOrder) === 0 ? '' : order,
      bornMs: this.#bornMsAt(slot),
      untilMs: this.untilMsAt(slot),
      staleUntilMs: this.staleUntilMsAt(slot),
      generation: this.wordAt(slot, word.generation),
    }
  }

  /** A slot for an id that has none. */
  take(id: MemoryId): number {
    const slot = this.#free === noSlot ? this.#fresh() : this.#free
    if (slot === this.#free) this.#free = this.wordAt(slot, word.next) - 1
    const own = typeof id === 'string' ? detached(id) : id
    this.#slots.set(own, slot)
    this.#columns.ids[slot] = own
    return slot
  }

  /** Everything but its size, its uses and its place in a queue. */
  write(slot: number, entry: Entry): void {
    const columns = this.#columns
    const { words, times } = columns
    const { bornMs, tags, order } = entry
    const at = slot * wordsPerEntry
    const lifeMs = lifeOf(bornMs, entry.untilMs)
    const staleLifeMs = lifeOf(bornMs, entry.staleUntilMs)
    columns.values[slot] = entry.value
    times[slot * timesPerEntry + time.clock] = entry.clock
    times[slot * timesPerEntry + time.bornMs] = bornMs
    words[at + word.generation] = entry.generation
    words[at + word.life] = lifeMs
    let marks = (this.wordAt(slot, word.marks) & placeMarks) | (entry.partition << partitionShift)
    if (tags.length !== 1 || tags[0] !== this.#plainTags[0]) {
      marks |= mark.hasTags
      columns.putTags(slot, tags)
    }
    if (order !== '') {
      marks |= mark.hasOrder
      columns.putOrder(slot, BigInt(order))
    }
    if (staleLifeMs > lifeMs) {
      marks |= mark.hasStaleLife
      columns.putStaleLife(slot, staleLifeMs)
    }
    if (!packFillId(entry.fid, words, at + word.fid)) {
      marks |= mark.hasOddFid
      this.#oddFids.set(slot, entry.fid)
    }
    words[at + word.marks] = marks
  }

  /** The slot is free from now on. */
  release(slot: number): void {
    const id = this.idAt(slot)
    if (id === undefined) return
    this.#slots.delete(id)
    this.#oddFids.delete(slot)
    this.#fields?.forget(slot)
    this.#columns.clear(slot)
    this.putWord(slot, word.marks, 0)
    this.putWord(slot, word.next, this.#free + 1)
    this.#free = slot
  }

  clear(): void {
    this.#slots.clear()
    this.#oddFids.clear()
    this.#fields?.clear()
    this.#columns = new Columns(this.#slotsMax)
    this.#free = noSlot
    this.#used = 0
  }

  #seekAs({ memoryId }: IdKind, id: unknown): number {
    const known = this.#fields?.find(id) ?? noSlot
    if (known !== noSlot) return known
    // A copy, because what is noted must be what the key was made of.
    const own = isFields(id) ? { ...id } : id
    const slot = this.find(memoryId(own))
    if (slot !== noSlot) this.#fields?.note(slot, own)
    return slot
  }

  #fresh(): number {
    if (this.#used === this.#columns.slots) this.#columns.grow()
    return this.#used++
  }

  #bornMsAt(slot: number): number {
    return this.#columns.times[slot * timesPerEntry + time.bornMs] ?? 0
  }

  #tagsAt(slot: number): readonly string[] {
    if ((this.wordAt(slot, word.marks) & mark.hasTags) === 0) return this.#plainTags
    return this.#columns.tagsAt(slot) ?? this.#plainTags
  }

  #fidAt(slot: number): string {
    const isOdd = (this.wordAt(slot, word.marks) & mark.hasOddFid) !== 0
    if (isOdd) return this.#oddFids.get(slot) ?? ''
    return unpackFillId(this.#columns.words, slot * wordsPerEntry + word.fid)
  }
}

/** Whole milliseconds, at least 0. */
function lifeOf(bornMs: number, untilMs: number): number {
  return Math.max(0, Math.min(lifeMsMax, Math.floor(untilMs - bornMs)))
}
