/** Drops what this process holds of a key, and dooms the loads of it that are under way. */
import type { Flights } from '../coherence/index.ts'
import type { MemoryId } from '../core/contracts/memory.ts'
import type { FamilyRuntime } from './family-runtime.ts'

/** Which family a key text belongs to, and its id; undefined for keys of no family of ours. */
export type Locate = (key: string) => { family: FamilyRuntime; id: unknown } | undefined

/** Where memory has the entry of a key. */
export interface Place {
  readonly family: FamilyRuntime
  readonly memoryId: MemoryId
}

export class Evictor {
  readonly #flights: Flights
  readonly #locate: Locate
  // Each invalidation asks for the place of its key several times, and hears of it as well.
  #knownKey: string | undefined
  #knownPlace: Place | undefined

  constructor(flights: Flights, locate: Locate) {
    this.#flights = flights
    this.#locate = locate
  }

  /** Undefined: a key of no family of ours. */
  familyOf(key: string): FamilyRuntime | undefined {
    return this.#placeOf(key)?.family
  }

  /** Who has made the text of a key need not have it taken apart again. */
  know(key: string, place: Place): void {
    this.#knownKey = key
    this.#knownPlace = place
  }

  evict(key: string): void {
    this.#flights.doom(key)
    const place = this.#placeOf(key)
    if (place !== undefined) place.family.region.drop(place.memoryId)
  }

  /** A value of this order was set elsewhere: only entries at least as new stay. */
  evictOlder(key: string, order: string): void {
    this.#flights.raiseMinimum(key, order)
    const place = this.#placeOf(key)
    if (place === undefined) return
    const { family, memoryId } = place
    const entry = family.region.get(memoryId)
    if (entry !== undefined && entry.order < order) family.region.drop(memoryId)
  }

  #placeOf(key: string): Place | undefined {
    if (key !== this.#knownKey) {
      const located = this.#locate(key)
      this.#knownPlace = located && {
        family: located.family,
        memoryId: located.family.memoryId(located.id),
      }
      this.#knownKey = key
    }
    return this.#knownPlace
  }
}
