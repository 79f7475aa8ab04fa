/**
 * A map for entries that come and go by the thousand. A `Map` makes a new table every so
 * often, and V8 lets the old one refer to it: once one table has grown old, all that follow
 * it stay, with what they held, until the next major collection. For loads under way that was
 * a quarter of everything allocated, and a third of the processor time of a read from Redis.
 * So what is left is moved to a new map, before a table has lived through two collections.
 */
export class TransientMap<K, V> {
  #entries = new Map<K, V>()
  #setsLeft = setsMin

  has(key: K): boolean {
    return this.#entries.has(key)
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)
  }

  set(key: K, value: V): void {
    this.#setsLeft--
    if (this.#setsLeft < 0) this.#move()
    this.#entries.set(key, value)
  }

  delete(key: K): void {
    this.#entries.delete(key)
  }

  /** Entries that are set or deleted meanwhile may be among them, or not. */
  keys(): Iterable<K> {
    return this.#entries.keys()
  }

  values(): Iterable<V> {
    return this.#entries.values()
  }

  /** Many entries are moved more seldom, so that each set moves two at most. */
  #move(): void {
    this.#entries = new Map(this.#entries)
    this.#setsLeft = Math.max(setsMin, this.#entries.size / 2)
  }
}

const setsMin = 512
