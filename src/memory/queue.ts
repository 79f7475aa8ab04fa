/** A queue of entries in the order in which they came, linked through their table. */

import { word } from './columns.ts'
import { type EntryTable, noSlot } from './entry-table.ts'

export class Queue {
  readonly #table: EntryTable
  #oldest: number = noSlot
  #newest: number = noSlot
  #count = 0

  constructor(table: EntryTable) {
    this.#table = table
  }

  get count(): number {
    return this.#count
  }

  /** `noSlot`: it is empty. */
  get oldest(): number {
    return this.#oldest
  }

  push(slot: number): void {
    this.#link(slot, word.previous, this.#newest)
    this.#link(slot, word.next, noSlot)
    if (this.#newest === noSlot) this.#oldest = slot
    else this.#link(this.#newest, word.next, slot)
    this.#newest = slot
    this.#count++
  }

  /** Of an entry that is in it. */
  remove(slot: number): void {
    const previous = this.#linked(slot, word.previous)
    const next = this.#linked(slot, word.next)
    if (previous === noSlot) this.#oldest = next
    else this.#link(previous, word.next, next)
    if (next === noSlot) this.#newest = previous
    else this.#link(next, word.previous, previous)
    this.#count--
  }

  clear(): void {
    this.#oldest = noSlot
    this.#newest = noSlot
    this.#count = 0
  }

  /** A word has no sign: it holds the slot and one. */
  #linked(slot: number, which: number): number {
    return this.#table.wordAt(slot, which) - 1
  }

  #link(slot: number, which: number, to: number): void {
    this.#table.putWord(slot, which, to + 1)
  }
}
