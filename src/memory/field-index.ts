/**
 * Finds entries by ids of several fields without making the texts of their keys, which is what
 * a hit on them costs most. A short cut, not the truth: it knows what it was shown, and forgets
 * where hashes meet; then the key is made once more.
 */
import { type Fields, isFields } from '../core/option-checks.ts'
import { hashOfId } from './id-hash.ts'

/** In place of a slot: it knows none. */
const unknown = -1
const placesMin = 64
/** Between so many and twice as many for each slot, so that few hashes meet. */
const placesPerSlot = 2
/** Odd, and evenly spread: 2^32 divided by the golden ratio. */
const spreader = 0x9e3779b1

/** What a slot takes in it, with so many fields, at most. */
export function fieldIndexBytes(fields: number): number {
  return fields === 0 ? 0 : 2 * (4 * placesPerSlot + 8 * fields)
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
    if (!isFields(id)) return unknown
    const place = this.#placeOf(id)
    if (place === unknown) return unknown
    const one = (this.#places[place] ?? 0) - 1
    if (one !== unknown && this.#holds(one, id)) return one
    const other = (this.#places[place ^ 1] ?? 0) - 1
    return other !== unknown && this.#holds(other, id) ? other : unknown
  }

  /** An id that nobody changes any more has this slot; what stood in its place is forgotten. */
  note(slot: number, id: unknown): void {
    if (!isFields(id)) return
    while (this.#places.length <= slot * placesPerSlot) this.#beginWith(this.#places.length * 2)
    const place = this.#placeOf(id)
    if (place === unknown) return
    for (const [at, values] of this.#values.entries()) values[slot] = id[this.#nameAt(at)]
    this.#places[this.#places[place] === 0 ? place : place ^ 1] = slot + 1
  }

  /** The slot is free. */
  forget(slot: number): void {
    // A value of an id is never undefined, so its place says nothing any more.
    for (const values of this.#values) if (slot < values.length) values[slot] = undefined
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
