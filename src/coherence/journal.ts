/**
 * Invalidations that could not be executed yet (PROTOCOL 13, Journal): a bounded
 * list that merges equal entries; when a partition's list is full it becomes one
 * raise of the partition's floor. While a key is in here, this process reads it from
 * the source and stores nothing.
 */
import type { InvalidateAsk } from '../core/contracts/store.ts'

/** Keys remembered for each partition before they become one floor. */
export const journalKeysMax = 10_000

export interface JournalEntry {
  readonly ask: InvalidateAsk
  readonly reason: string
  readonly sinceMs: number
}

interface Backlog {
  readonly entries: Map<string, JournalEntry>
  floorSinceMs: number | undefined
  /** Rises with every invalidation that the floor stands for. */
  floorEdition: number
}

export class Journal {
  readonly #backlogs = new Map<number, Backlog>()
  #editions = 0

  /** Pending invalidations; a floor counts as one. */
  get size(): number {
    let size = 0
    for (const { entries, floorSinceMs } of this.#backlogs.values()) {
      size += entries.size + (floorSinceMs === undefined ? 0 : 1)
    }
    return size
  }

  /** Returns the entry as it is kept, merged with an earlier one of the key. */
  add(partition: number, entry: JournalEntry): JournalEntry {
    const backlog = this.#backlogs.get(partition) ?? emptyBacklog()
    this.#backlogs.set(partition, backlog)
    if (backlog.floorSinceMs !== undefined) {
      backlog.floorEdition = ++this.#editions
      return entry
    }
    const known = backlog.entries.get(entry.ask.key)
    const kept = known === undefined ? entry : merge(known, entry)
    backlog.entries.set(entry.ask.key, kept)
    if (backlog.entries.size > journalKeysMax) {
      backlog.floorEdition = ++this.#editions
      backlog.floorSinceMs = oldest(backlog.entries.values())
      backlog.entries.clear()
    }
    return kept
  }

  isPending(partition: number, key: string): boolean {
    const backlog = this.#backlogs.get(partition)
    if (backlog === undefined) return false
    return backlog.floorSinceMs !== undefined || backlog.entries.has(key)
  }

  hasBacklog(partition: number): boolean {
    return this.#backlogs.has(partition)
  }

  /** The whole partition is to be invalidated: which edition of that wish, or undefined. */
  floorWanted(partition: number): number | undefined {
    const backlog = this.#backlogs.get(partition)
    return backlog?.floorSinceMs === undefined ? undefined : backlog.floorEdition
  }

  /** The oldest entries of a partition, at most `count`. */
  next(partition: number, count: number): readonly JournalEntry[] {
    const backlog = this.#backlogs.get(partition)
    if (backlog === undefined) return []
    const entries: JournalEntry[] = []
    for (const entry of backlog.entries.values()) {
      if (entries.length === count) break
      entries.push(entry)
    }
    return entries
  }

  /** These have been executed. One that was added anew meanwhile stays. */
  delivered(partition: number, entries: readonly JournalEntry[]): void {
    const backlog = this.#backlogs.get(partition)
    if (backlog === undefined) return
    for (const entry of entries) {
      if (backlog.entries.get(entry.ask.key) === entry) backlog.entries.delete(entry.ask.key)
    }
    this.#forgetEmpty(partition, backlog)
  }

  /** The floor was raised for this edition; what was added since wants another. */
  floorDelivered(partition: number, edition: number): void {
    const backlog = this.#backlogs.get(partition)
    if (backlog === undefined || backlog.floorEdition !== edition) return
    backlog.floorSinceMs = undefined
    this.#forgetEmpty(partition, backlog)
  }

  /** For `pending()`: keys in order, '*' for a whole partition, with the time since. */
  *list(): Generator<{ readonly key: string; readonly sinceMs: number; readonly reason: string }> {
    for (const { entries, floorSinceMs } of this.#backlogs.values()) {
      if (floorSinceMs !== undefined) yield { key: '*', sinceMs: floorSinceMs, reason: 'overflow' }
      for (const { ask, sinceMs, reason } of entries.values())
        yield { key: ask.key, sinceMs, reason }
    }
  }

  #forgetEmpty(partition: number, backlog: Backlog): void {
    if (backlog.entries.size === 0 && backlog.floorSinceMs === undefined) {
      this.#backlogs.delete(partition)
    }
  }
}

function emptyBacklog(): Backlog {
  return { entries: new Map(), floorSinceMs: undefined, floorEdition: 0 }
}

function merge(known: JournalEntry, entry: JournalEntry): JournalEntry {
  const [a, b] = [known.ask, entry.ask]
  const ask = {
    key: a.key,
    // A plain invalidation removes more than one that leaves values of a high order.
    order: a.order === '' || b.order === '' ? '' : maximum(a.order, b.order),
    keepsOrder: a.keepsOrder || b.keepsOrder,
    floorMs: Math.max(a.floorMs, b.floorMs),
  }
  return { ask, reason: entry.reason, sinceMs: known.sinceMs }
}

function maximum(a: string, b: string): string {
  return a > b ? a : b
}

function oldest(entries: Iterable<JournalEntry>): number {
  let sinceMs = Number.POSITIVE_INFINITY
  for (const entry of entries) sinceMs = Math.min(sinceMs, entry.sinceMs)
  return sinceMs
}
