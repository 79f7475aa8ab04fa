/**
 * What a debounce has not written yet: one entry for each key, in the order of first changes.
 * Entries that are being written are apart until it is known what became of them.
 */
export interface Change<V> {
  readonly value: V
  /** Of the first change of the key that is not written. */
  readonly sinceMs: number
}

export class PendingChanges<K, V> {
  readonly #merge: (older: V, newer: V) => V
  #waiting = new Map<K, Change<V>>()
  #leaving = new Map<K, Change<V>>()

  constructor(merge: (older: V, newer: V) => V) {
    this.#merge = merge
  }

  /** A key that changes while it is written counts twice. */
  get size(): number {
    return this.#waiting.size + this.#leaving.size
  }

  /** Of the entry that waits longest. */
  get oldestMs(): number | undefined {
    for (const { sinceMs } of this.#waiting.values()) return sinceMs
    return undefined
  }

  has(key: K): boolean {
    return this.#waiting.has(key)
  }

  put(key: K, value: V, nowMs: number): void {
    const known = this.#waiting.get(key)
    const merged = known === undefined ? value : this.#merge(known.value, value)
    this.#waiting.set(key, { value: merged, sinceMs: known?.sinceMs ?? nowMs })
  }

  /** The first of those that changed by then; they are being written. */
  take(sinceMs: number, most: number): ReadonlyMap<K, V> {
    const entries = new Map<K, V>()
    for (const [key, change] of this.#waiting) {
      if (entries.size >= most || change.sinceMs > sinceMs) break
      entries.set(key, change.value)
      this.#leaving.set(key, change)
      this.#waiting.delete(key)
    }
    return entries
  }

  written(): void {
    this.#leaving.clear()
  }

  /** They wait again, before all others; what has changed meanwhile is newer. */
  failed(): void {
    const again = this.#leaving
    for (const [key, { value, sinceMs }] of this.#waiting) {
      const older = again.get(key)
      const merged = older === undefined ? value : this.#merge(older.value, value)
      again.set(key, { value: merged, sinceMs: older?.sinceMs ?? sinceMs })
    }
    this.#leaving = new Map()
    this.#waiting = again
  }

  /** Nothing of it is written any more; how many. */
  drop(): number {
    const { size } = this
    this.#waiting.clear()
    this.#leaving.clear()
    return size
  }
}
