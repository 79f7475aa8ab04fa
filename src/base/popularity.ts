/**
 * The most frequent of a stream of accesses, the recent ones counting more, in bounded room.
 *
 * Space-saving (Metwally, Agrawal and El Abbadi, 2005: Efficient computation of frequent and
 * top-k elements in data streams): a newcomer takes the place of the least counted and inherits
 * its count as its possible error. What makes up more than 1/entriesMax of all is always there.
 *
 * Counts halve with every half-life. They are kept as they would have been at a landmark in time
 * (Cormode, Shkapenyuk, Srivastava and Xu, 2009: Forward decay): an access weighs more the later
 * it comes, nothing that stands has to be touched, and the order of counts never changes by time.
 */

export interface PopularityOptions {
  readonly entriesMax: number
  readonly halfLifeMs: number
}

export interface Counted<T> {
  readonly key: string
  readonly item: T
  /** At least so many accesses, decayed. */
  readonly count: number
}

/** Accesses of a key. */
export interface Accesses<T> {
  readonly key: string
  readonly count: number
  /** The item of a key that is not kept yet. */
  readonly make: () => T
}

export interface Ranked<T> extends Counted<T> {
  /** By how much it may be more. */
  readonly error: number
}

interface Entry<T> {
  key: string
  item: T
  score: number
  error: number
  place: number
}

/** Half-lives after the landmark; far from where doubles overflow. */
const agesMax = 256

export class Popularity<T> {
  readonly #entriesMax: number
  readonly #halfLifeMs: number
  readonly #entries = new Map<string, Entry<T>>()
  /** The least counted first: none is smaller than the two at twice its place. */
  readonly #heap: Entry<T>[] = []
  #landmarkMs = 0
  #total = 0

  constructor({ entriesMax, halfLifeMs }: PopularityOptions) {
    this.#entriesMax = entriesMax
    this.#halfLifeMs = halfLifeMs
  }

  get size(): number {
    return this.#heap.length
  }

  /** What is kept of a key, its first item for as long as it is there. */
  item(key: string): T | undefined {
    return this.#entries.get(key)?.item
  }

  /** Returns what is kept of the key. */
  add({ key, count, make }: Accesses<T>, nowMs: number): T {
    const score = count * this.#weightAt(nowMs)
    this.#total += score
    const entry = this.#entries.get(key) ?? this.#admit(key, make())
    entry.score += score
    this.#sink(entry)
    return entry.item
  }

  /** Decayed accesses of all keys, kept or not. */
  total(nowMs: number): number {
    return this.#total / this.#weightAt(nowMs)
  }

  /** The most frequent first. */
  ranked(nowMs: number): Ranked<T>[] {
    const weight = this.#weightAt(nowMs)
    const sorted = [...this.#heap].sort((a, b) => b.score - b.error - (a.score - a.error))
    return sorted.map(({ key, item, score, error }) => {
      return { key, item, count: (score - error) / weight, error: error / weight }
    })
  }

  #weightAt(nowMs: number): number {
    const ages = (nowMs - this.#landmarkMs) / this.#halfLifeMs
    if (ages <= agesMax) return 2 ** ages
    this.#moveLandmark(nowMs, 2 ** -ages)
    return 1
  }

  #moveLandmark(nowMs: number, factor: number): void {
    this.#landmarkMs = nowMs
    this.#total *= factor
    for (const entry of this.#heap) {
      entry.score *= factor
      entry.error *= factor
    }
  }

  #admit(key: string, item: T): Entry<T> {
    const [least] = this.#heap
    if (this.#heap.length < this.#entriesMax || least === undefined) {
      const entry = { key, item, score: 0, error: 0, place: this.#heap.length }
      this.#entries.set(key, entry)
      this.#heap.push(entry)
      this.#rise(entry)
      return entry
    }
    this.#entries.delete(least.key)
    least.key = key
    least.item = item
    least.error = least.score
    this.#entries.set(key, least)
    return least
  }

  #rise(entry: Entry<T>): void {
    for (;;) {
      const above = this.#heap[(entry.place - 1) >> 1]
      if (entry.place === 0 || above === undefined || above.score <= entry.score) return
      this.#swap(entry, above)
    }
  }

  #sink(entry: Entry<T>): void {
    for (;;) {
      const left = this.#heap[2 * entry.place + 1]
      const right = this.#heap[2 * entry.place + 2]
      const lesser = left !== undefined && right !== undefined && right.score < left.score
      const below = lesser ? right : left
      if (below === undefined || below.score >= entry.score) return
      this.#swap(entry, below)
    }
  }

  #swap(one: Entry<T>, other: Entry<T>): void {
    const { place } = one
    one.place = other.place
    other.place = place
    this.#heap[one.place] = one
    this.#heap[other.place] = other
  }
}
