/**
 * What one family holds, and which entry goes first: S3-FIFO (Yang and others, SOSP 2023)
 * with a small queue that adapts.
 *
 *   put ──▶ small ──used since──▶ main ◀──┐ used since: one use less, to the end again
 *             │ not used            │ ────┘
 *             ▼                     ▼ not used
 *        ghosts of small       ghosts of main ── put again: at once into main
 *
 * A scan passes through the small queue and leaves main alone; how long the small queue is, is
 * learned from ghosts (`small-target.ts`). A hand that goes over the slots, a few at each put and
 * some at each beat, finds what has expired: hits ask for the time, so only room is at stake, and
 * a wheel of timers costs eight bytes an entry. What is kept beyond its life goes first.
 */
import type {
  AccessObserver,
  EvictionCause,
  IdKind,
  MemoryId,
  Region,
  Standing,
} from '../core/contracts/memory.ts'
import type { Entry } from '../core/entry.ts'
import { familyTag } from '../core/tag.ts'
import { mark, word } from './columns.ts'
import { EntryScale } from './entry-scale.ts'
import { EntryTable, noSlot } from './entry-table.ts'
import { noEvictions } from './evictions.ts'
import { hashOfId } from './id-hash.ts'
import type { Landlord } from './landlord.ts'
import { Queue } from './queue.ts'
import { type QueueCounts, SmallTarget } from './small-target.ts'

/** Slots that a put looks at for what has expired. */
const sweptPerPut = 4
/** Entries that an eviction gives another round; the next one goes, used or not. */
const roundsMax = 1_000

const inSmall = 1 << 2
const inMain = 2 << 2
const inStale = 3 << 2

export class AdaptiveRegion implements Region {
  bytes = 0
  bytesStale = 0
  puts = 0
  readonly evictions: Record<EvictionCause, number> = noEvictions()
  readonly #landlord: Landlord
  readonly #table: EntryTable
  readonly #scale: EntryScale
  readonly #small: Queue
  readonly #main: Queue
  readonly #stale: Queue
  readonly #target = new SmallTarget()
  #hand = 0
  #touches = 0
  #observer: AccessObserver | undefined
  /** The touch that the observer asked for; 0: none. */
  #toldTouch = 0

  constructor(family: string, landlord: Landlord, ids?: IdKind) {
    this.#landlord = landlord
    this.#scale = new EntryScale(ids?.names.length ?? 0)
    this.#table = new EntryTable(familyTag(family), landlord.ledger.entriesMax, ids)
    this.#small = new Queue(this.#table)
    this.#main = new Queue(this.#table)
    this.#stale = new Queue(this.#table)
  }

  get count(): number {
    return this.#table.count
  }

  /** Ids remembered after they were evicted. */
  get ghosts(): number {
    return this.#target.ghosts
  }

  /** Entries that could go now. */
  get evictable(): number {
    return this.#small.count + this.#main.count + this.#stale.count
  }

  serve(id: unknown, standings: readonly Standing[], nowMs: number): number {
    const slot = this.#table.seek(id)
    const marks = slot === noSlot ? noSlot : this.#table.use(slot, standings, nowMs)
    if (marks < 0) return noSlot
    if (++this.#touches === this.#toldTouch || (marks & mark.isWatched) !== 0) this.#tell(slot)
    return slot
  }

  find(id: unknown): number {
    return this.#table.find(id)
  }

  touch(slot: number): void {
    const marks = this.#table.wordAt(slot, word.marks)
    if ((marks & mark.uses) !== mark.uses) this.#table.putWord(slot, word.marks, marks + 1)
    if (++this.#touches === this.#toldTouch || (marks & mark.isWatched) !== 0) this.#tell(slot)
  }

  valueAt(slot: number): unknown {
    return this.#table.valueAt(slot)
  }

  entryAt(slot: number): Entry {
    return this.#table.entryAt(slot)
  }

  get(id: MemoryId): Entry | undefined {
    const slot = this.#table.find(id)
    return slot === noSlot ? undefined : this.#table.entryAt(slot)
  }

  put(id: MemoryId, entry: Entry, nowMs: number): boolean {
    const { ledger } = this.#landlord
    this.sweep(nowMs, sweptPerPut)
    this.#landlord.trimStale()
    const slot = this.#table.find(id)
    const isSame = slot !== noSlot && this.#table.valueAt(slot) === entry.value
    const sizeBytes = isSame ? this.#table.sizeBytesAt(slot) : this.#scale.weigh(id, entry)
    if (sizeBytes > ledger.entryBytesMax) {
      ledger.rejected++
      if (slot !== noSlot) this.#release(slot, 'bytes')
      return false
    }
    if (slot === noSlot) this.#add(id, entry, sizeBytes, nowMs)
    else this.#replace(slot, entry, sizeBytes, nowMs)
    return true
  }

  drop(id: MemoryId): boolean {
    const slot = this.#table.find(id)
    if (slot === noSlot) return false
    this.#release(slot, 'invalidated')
    return true
  }

  dropAll(): void {
    const { ledger } = this.#landlord
    ledger.bytes -= this.bytes
    ledger.bytesStale -= this.bytesStale
    ledger.entries -= this.count
    this.bytes = 0
    this.bytesStale = 0
    for (const queue of [this.#small, this.#main, this.#stale]) queue.clear()
    this.#target.clear()
    this.#table.clear()
  }

  ids(): Iterable<MemoryId> {
    return this.#table.ids()
  }

  observe(observer: AccessObserver | undefined): void {
    this.#observer = observer
    this.#toldTouch = observer === undefined ? 0 : this.#touches + observer.gap()
  }

  /** Looks at so many slots at most for what has expired; returns how many it looked at. */
  sweep(nowMs: number, slotsMax: number): number {
    const table = this.#table
    const slots = Math.min(slotsMax, table.used)
    for (let looked = 0; looked < slots; looked++) {
      this.#hand = this.#hand + 1 < table.used ? this.#hand + 1 : 0
      this.#expire(this.#hand, nowMs)
    }
    return slots
  }

  /** Gives up one entry. There must be one: see `evictable`. */
  evict(cause: EvictionCause, nowMs: number): void {
    if (this.#stale.count > 0) {
      this.evictStale()
      return
    }
    for (let rounds = 0; ; rounds++) {
      const isSmall = this.#main.count === 0 || this.#small.count > this.#target.of(this.#counts())
      const queue = isSmall ? this.#small : this.#main
      const slot = queue.oldest
      if (this.#expire(slot, nowMs)) {
        // It has gone, or it has become the one that goes first.
        if (this.#stale.count > 0) this.evictStale()
        return
      }
      const marks = this.#table.wordAt(slot, word.marks)
      if ((marks & mark.uses) === 0 || rounds >= roundsMax) {
        this.#giveUp(slot, isSmall ? 'small' : 'main', cause)
        return
      }
      queue.remove(slot)
      this.#enqueue(slot, inMain, isSmall ? marks & ~mark.uses : marks - 1)
    }
  }

  evictStale(): void {
    this.#release(this.#stale.oldest, 'stale')
  }

  #add(id: MemoryId, entry: Entry, sizeBytes: number, nowMs: number): void {
    const hash = hashOfId(id)
    const isGhost = this.#target.learn(hash, this.#counts())
    this.#landlord.makeRoom(this, sizeBytes, nowMs)
    const slot = this.#table.take(id)
    const uses = this.#touches + ++this.puts
    const isWatched = this.#observer?.used(hash, uses, false) ?? false
    this.#enqueue(slot, isGhost ? inMain : inSmall, isWatched ? mark.isWatched : 0)
    this.#write(slot, entry, sizeBytes)
  }

  /** A new value for what is held counts as a use. */
  #replace(slot: number, entry: Entry, sizeBytes: number, nowMs: number): void {
    const marks = this.#table.wordAt(slot, word.marks)
    const queue = marks & mark.queue
    this.#unlink(slot)
    this.#landlord.makeRoom(this, sizeBytes, nowMs)
    const used = (marks & mark.uses) === mark.uses ? marks : marks + 1
    this.#enqueue(slot, queue === inSmall ? inSmall : inMain, used)
    this.#write(slot, entry, sizeBytes)
  }

  #write(slot: number, entry: Entry, sizeBytes: number): void {
    const { ledger } = this.#landlord
    this.#table.write(slot, entry)
    this.#table.putSize(slot, sizeBytes)
    this.bytes += sizeBytes
    ledger.bytes += sizeBytes
    ledger.entries++
  }

  #counts(): QueueCounts {
    return { main: this.#main.count, all: this.count }
  }

  #giveUp(slot: number, from: 'small' | 'main', cause: EvictionCause): void {
    const id = this.#table.idAt(slot)
    if (id !== undefined) this.#target.evicted(hashOfId(id), from, this.#counts())
    this.#release(slot, cause)
  }

  /** True: it is no longer among the fresh. */
  #expire(slot: number, nowMs: number): boolean {
    const queue = this.#table.wordAt(slot, word.marks) & mark.queue
    if (queue === 0 || nowMs < this.#table.untilMsAt(slot)) return false
    if (nowMs >= this.#table.staleUntilMsAt(slot)) this.#release(slot, 'expired')
    else if (queue !== inStale) this.#becomeStale(slot)
    return true
  }

  #becomeStale(slot: number): void {
    const sizeBytes = this.#table.sizeBytesAt(slot)
    const marks = this.#table.wordAt(slot, word.marks)
    this.#queueOf(marks).remove(slot)
    this.#enqueue(slot, inStale, marks)
    this.bytesStale += sizeBytes
    this.#landlord.ledger.bytesStale += sizeBytes
  }

  #release(slot: number, cause: EvictionCause): void {
    this.#unlink(slot)
    this.#table.release(slot)
    this.evictions[cause]++
  }

  /** Out of its queue and off the books. */
  #unlink(slot: number): void {
    const { ledger } = this.#landlord
    const sizeBytes = this.#table.sizeBytesAt(slot)
    const marks = this.#table.wordAt(slot, word.marks)
    this.#queueOf(marks).remove(slot)
    this.bytes -= sizeBytes
    ledger.bytes -= sizeBytes
    ledger.entries--
    if ((marks & mark.queue) !== inStale) return
    this.bytesStale -= sizeBytes
    ledger.bytesStale -= sizeBytes
  }

  #enqueue(slot: number, queue: number, marks: number): void {
    const moved = (marks & ~mark.queue) | queue
    this.#table.putWord(slot, word.marks, moved)
    this.#queueOf(moved).push(slot)
  }

  #queueOf(marks: number): Queue {
    const queue = marks & mark.queue
    if (queue === inSmall) return this.#small
    return queue === inMain ? this.#main : this.#stale
  }

  #tell(slot: number): void {
    const id = this.#table.idAt(slot)
    const observer = this.#observer
    if (id === undefined || observer === undefined) return
    const isWatched = observer.used(hashOfId(id), this.#touches + this.puts, true)
    const marks = this.#table.wordAt(slot, word.marks) & ~mark.isWatched
    this.#table.putWord(slot, word.marks, isWatched ? marks | mark.isWatched : marks)
    if (this.#touches === this.#toldTouch) this.#toldTouch += observer.gap()
  }
}
