/**
 * Finds entries by ids of several fields without making the texts of their keys, which is what
 * a hit on them costs most. A short cut, not the truth: it knows what it was shown, and forgets
 * where hashes meet; then the key is made once more.
 */
import { detached } from '../base/detached.ts'
import { type Fields, isPlainFields } from '../core/option-checks.ts'
import { hashOfId } from './id-hash.ts'

/** In place of a slot: it knows none. */
const unknown = -1
const placesMin = 64
/** At least so many for each slot: more than two hashes seldom meet in two neighbours. */
const placesPerSlot = 4
/** Odd, and evenly spread: 2^32 divided by the golden ratio. */
const spreader = 0x9e3779b1

/** A place for a value, and what a text takes besides its characters. */
const fieldBytes = 8 + 16

/** What a slot takes in it, with so many fields, besides the characters of its texts. */
export function fieldIndexBytes(fields: number): number {
  return 4 * placesPerSlot + fields * fieldBytes
}

export class FieldIndex {
  readonly #names: readonly string[]
  /** Slots, each plus one, in one of two neighbours by the hash of the fields; 0: free. */
  #places: Uint32Array = new Uint32Array(0)
  /** Of each field the values by slot. What stands in no place is not looked at. */
  #values: readonly unknown[][] = []

  constructor(names: readonly string[]) {
    this.#names = names
    this.clear()
  }

  /** The slot, or -1. */
  find(id: unknown): number {
    if (!isPlainFields(id)) return unknown
    const place = this.#placeOf(id)
    if (place === unknown) return unknown
    const one = (this.#places[place] ?? 0) - 1
    if (one !== unknown && this.#holds(one, id)) return one
    const other = (this.#places[place ^ 1] ?? 0) - 1
    return other !== unknown && this.#holds(other, id) ? other : unknown
  }

  /** An id that nobody changes any more has this slot; what stood in its place is forgotten. */
  note(slot: number, id: unknown): void {
    if (!isPlainFields(id)) return
    let places = this.#places.length
    while (places <= slot * placesPerSlot) places *= 2
    if (places > this.#places.length) this.#beginWith(places)
    const place = this.#placeOf(id)
    if (place === unknown) return
    for (const [at, values] of this.#values.entries()) {
      const value = id[this.#nameAt(at)]
      values[slot] = typeof value === 'string' ? detached(value) : value
    }
    this.#places[this.#places[place] === 0 ? place : place ^ 1] = slot + 1
  }

  /** The slot is free. */
  forget(slot: number): void {
    const entries = this.#names.map((name, at) => [name, this.#values[at]?.[slot]])
    const place = this.#placeOf(Object.fromEntries(entries))
    if (place === unknown) return
    if (this.#places[place] === slot + 1) this.#places[place] = 0
    else if (this.#places[place ^ 1] === slot + 1) this.#places[place ^ 1] = 0
    for (const values of this.#values) values[slot] = undefined
  }

  clear(): void {
    this.#beginWith(placesMin)
  }

  /** Anew: what is used is soon known again. */
  #beginWith(places: number): void {
    this.#places = new Uint32Array(places)
    const slots = places / placesPerSlot
    this.#values = this.#names.map(() => new Array<unknown>(slots).fill(undefined))
  }

  #holds(slot: number, id: Fields): boolean {
    const { length } = this.#names
    for (let at = 0; at < length; at++) {
      if (this.#values[at]?.[slot] !== id[this.#nameAt(at)]) return false
    }
    let fieldsLeft = length
    for (const _ in id) fieldsLeft--
    return fieldsLeft === 0
  }

  /** -1: that is no id. */
  #placeOf(id: Fields): number {
    let hash = 0
    for (let at = 0; at < this.#names.length; at++) {
      const value = id[this.#nameAt(at)]
      if (typeof value !== 'string' && typeof value !== 'number') return unknown
      hash = Math.imul(hash ^ hashOfId(value), spreader)
    }
    return (hash ^ (hash >>> 15)) & (this.#places.length - 1)
  }

  #nameAt(at: number): string {
    return this.#names[at] ?? ''
  }
}
