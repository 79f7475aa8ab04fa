/**
 * The newest value of each key, whichever source told of it: what is not newer by its order
 * never replaces what is held, so a slow source can't put an old value over a new one.
 */
import { dropOldest } from '../base/drop-oldest.ts'
import type { Datum } from './live-stats.ts'

export type Offered = 'applied' | 'duplicates' | 'older'

export interface Page {
  readonly offset: number
  readonly limit: number
}

export class Newest<V> {
  readonly #keysMax: number
  /** In the order in which keys were first seen, so that pages do not move. */
  readonly #data = new Map<string, Datum<V>>()
  #evicted = 0

  constructor(keysMax: number) {
    this.#keysMax = keysMax
  }

  get size(): number {
    return this.#data.size
  }

  get evicted(): number {
    return this.#evicted
  }

  get(key: string): Datum<V> | undefined {
    return this.#data.get(key)
  }

  offer(datum: Datum<V>): Offered {
    const held = this.#data.get(datum.key)
    if (held !== undefined && datum.order < held.order) return 'older'
    // Equal by value: a number and a bigint of one order are the same order.
    const isNewer = held === undefined || datum.order > held.order
    if (isNewer) this.#put(datum)
    else if (datum.isLive) this.#data.set(datum.key, { ...datum, value: held.value })
    return isNewer ? 'applied' : 'duplicates'
  }

  page({ offset, limit }: Page): readonly Datum<V>[] {
    const page: Datum<V>[] = []
    let place = 0
    for (const datum of this.#data.values()) {
      if (place >= offset + limit) break
      if (place >= offset) page.push(datum)
      place++
    }
    return page
  }

  #put(datum: Datum<V>): void {
    if (this.#data.size >= this.#keysMax && !this.#data.has(datum.key)) {
      dropOldest(this.#data)
      this.#evicted++
    }
    this.#data.set(datum.key, datum)
  }
}
