/** Drops what this process holds of a key, and dooms the loads of it that are under way. */
import type { Flights } from '../coherence/index.ts'
import { type InvalidateAsk, settleToken } from '../core/contracts/store.ts'
import type { FamilyRuntime } from './family-runtime.ts'

/** Which family a key text belongs to, and its id; undefined for keys of no family of ours. */
export type Locate = (key: string) => { family: FamilyRuntime; id: unknown } | undefined

export class Evictor {
  readonly #flights: Flights
  readonly #locate: Locate

  constructor(flights: Flights, locate: Locate) {
    this.#flights = flights
    this.#locate = locate
  }

  /** Undefined: a key of no family of ours. */
  familyOf(key: string): string | undefined {
    return this.#locate(key)?.family.name
  }

  /** How a key is invalidated; one of no family of ours is emptied. */
  askOf(key: string): InvalidateAsk {
    const rules = this.#locate(key)?.family.rules
    // Where `set` may fill an empty slot, a late one must meet the order that was removed.
    const keepsOrder = rules?.isSetOnly ?? false
    const floorMs = rules?.ttlMs ?? 0
    const settleMs = rules?.settleMs ?? 0
    const settle = settleMs > 0 ? { token: settleToken, ms: settleMs } : undefined
    return { key, order: '', keepsOrder, floorMs, tokens: [], settle }
  }

  evict(key: string): void {
    this.#flights.doom(key)
    const place = this.#locate(key)
    if (place !== undefined) place.family.region.drop(place.family.memoryId(place.id))
  }

  /** A value of this order was set elsewhere: only entries at least as new stay. */
  evictOlder(key: string, order: string): void {
    this.#flights.raiseMinimum(key, order)
    const place = this.#locate(key)
    if (place === undefined) return
    const memoryId = place.family.memoryId(place.id)
    const entry = place.family.region.get(memoryId)
    if (entry !== undefined && entry.order < order) place.family.region.drop(memoryId)
  }
}
