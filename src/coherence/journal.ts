/**
 * Invalidations that could not be executed yet (PROTOCOL 13, Journal): bounded lists that
 * merge equal wishes. While something is in here, this process reads what it concerns
 * from the source and stores nothing.
 *
 *   keys of a partition ──too many──▶ tag of the fullest family ─┐
 *   tags of a partition ──too many──▶ floor of the partition ◀───┴─ too many families
 *   patterns            ──too many──▶ floor of every partition
 *
 * What takes the place of keys wipes more than they did, and leaves no floors of orders
 * and no quarantines that single keys may have asked for.
 */
import { matchesGlob } from '../core/glob.ts'
import { idOfWish, mergeWishes, nameOfWish, orderedId, type Wish } from './wish.ts'

/** Keys remembered for each partition. */
export const journalKeysMax = 10_000
/** Tags remembered for each partition. */
export const journalTagsMax = 1_000
/** Patterns remembered for all partitions together. */
export const journalPatternsMax = 100

export interface JournalEntry {
  readonly wish: Wish
  readonly reason: string
  /** Milliseconds since 1970 by this machine. */
  readonly sinceMs: number
  /** `replay`: it was executed once, by a server that may have lost it. */
  readonly via: 'retry' | 'replay'
}

export interface PatternEntry {
  readonly pattern: string
  readonly reason: string
  readonly sinceMs: number
}

/** Anything that is pending. */
export type JournalRecord = (JournalEntry & { readonly partition: number }) | PatternEntry

export interface JournalOptions {
  readonly partitions: number
  /** The tag that every value of the key's family carries; undefined: no family of ours. */
  readonly familyTagOf: (key: string) => string | undefined
}

/** The reason that is given for what takes the place of a full list. */
const overflow = 'overflow'

/** By the id of the wish, the oldest first. */
type Backlog = Readonly<Record<Wish['kind'], Map<string, JournalEntry>>>

export class Journal {
  /** How often a list was full and something wider took its place. */
  overflows = 0
  readonly #options: JournalOptions
  readonly #backlogs = new Map<number, Backlog>()
  readonly #patterns = new Map<string, PatternEntry>()

  constructor(options: JournalOptions) {
    this.#options = options
  }

  /** Pending wishes and patterns. */
  get size(): number {
    let size = this.#patterns.size
    for (const { key, tag, floor } of this.#backlogs.values()) {
      size += key.size + tag.size + floor.size
    }
    return size
  }

  get isEmpty(): boolean {
    return this.#backlogs.size === 0 && this.#patterns.size === 0
  }

  /** Since when something has been pending. */
  get oldestMs(): number | undefined {
    let oldestMs: number | undefined
    for (const { sinceMs } of this.records()) oldestMs = Math.min(oldestMs ?? sinceMs, sinceMs)
    return oldestMs
  }

  /** Returns the entry as it is kept, merged with an earlier one of the same wish. */
  add(partition: number, entry: JournalEntry): JournalEntry {
    const backlog = this.#backlogs.get(partition) ?? emptyBacklog()
    this.#backlogs.set(partition, backlog)
    const kept = put(backlog, entry)
    if (backlog.key.size > journalKeysMax) this.#foldFamily(backlog)
    if (backlog.tag.size > journalTagsMax) this.#foldAll(backlog, 'tag')
    return kept
  }

  addPattern(entry: PatternEntry): void {
    const { pattern } = entry
    const sinceMs = this.#patterns.get(pattern)?.sinceMs ?? entry.sinceMs
    this.#patterns.set(pattern, { ...entry, sinceMs })
    if (this.#patterns.size <= journalPatternsMax) return
    const [oldest = entry] = this.#patterns.values()
    this.#patterns.clear()
    this.overflows++
    for (let partition = 0; partition < this.#options.partitions; partition++) {
      const { sinceMs } = oldest
      this.add(partition, { wish: { kind: 'floor' }, reason: overflow, sinceMs, via: 'retry' })
    }
  }

  /** `tags`: those that its value is known to carry. */
  isPending(partition: number, key: string, tags: readonly string[]): boolean {
    if (this.#patterns.size > 0) {
      for (const pattern of this.#patterns.keys()) if (matchesGlob(pattern, key)) return true
    }
    const backlog = this.#backlogs.get(partition)
    if (backlog === undefined) return false
    if (backlog.floor.size > 0 || backlog.key.has(key)) return true
    if (backlog.key.has(orderedId(key))) return true
    return backlog.tag.size > 0 && tags.some((tag) => backlog.tag.has(tag))
  }

  /** Patterns are not meant: they are of no partition. */
  hasBacklog(partition: number): boolean {
    return this.#backlogs.has(partition)
  }

  /** The oldest entries of one kind in a partition, at most `count`. */
  next(partition: number, kind: Wish['kind'], count: number): readonly JournalEntry[] {
    const entries: JournalEntry[] = []
    for (const entry of this.#backlogs.get(partition)?.[kind].values() ?? []) {
      if (entries.length === count) break
      entries.push(entry)
    }
    return entries
  }

  /** The oldest pattern. */
  nextPattern(): PatternEntry | undefined {
    const [oldest] = this.#patterns.values()
    return oldest
  }

  /**
   * These have been executed; returns those that were pending until now. One that was
   * added anew meanwhile stays.
   */
  delivered(partition: number, entries: readonly JournalEntry[]): readonly JournalEntry[] {
    const backlog = this.#backlogs.get(partition)
    if (backlog === undefined) return []
    const ended = entries.filter((entry) => {
      const shelf = backlog[entry.wish.kind]
      const id = idOfWish(entry.wish)
      return shelf.get(id) === entry && shelf.delete(id)
    })
    const { key, tag, floor } = backlog
    if (key.size + tag.size + floor.size === 0) this.#backlogs.delete(partition)
    return ended
  }

  patternDelivered(entry: PatternEntry): void {
    if (this.#patterns.get(entry.pattern) === entry) this.#patterns.delete(entry.pattern)
  }

  /** For `pending()`: wishes by their names for people, and patterns. */
  *list(): Generator<{ readonly key: string; readonly sinceMs: number; readonly reason: string }> {
    for (const record of this.records()) {
      const { sinceMs, reason } = record
      const key = 'pattern' in record ? record.pattern : nameOfWish(record.wish)
      yield { key, sinceMs, reason }
    }
  }

  *records(): Generator<JournalRecord> {
    for (const [partition, { floor, tag, key }] of this.#backlogs) {
      for (const shelf of [floor, tag, key]) {
        for (const entry of shelf.values()) yield { ...entry, partition }
      }
    }
    yield* this.#patterns.values()
  }

  /** The keys of the fullest family become its tag. */
  #foldFamily(backlog: Backlog): void {
    const families = new Map<string | undefined, JournalEntry[]>()
    for (const entry of backlog.key.values()) {
      const family = this.#options.familyTagOf(nameOfWish(entry.wish))
      const members = families.get(family) ?? []
      members.push(entry)
      families.set(family, members)
    }
    const [fullest] = [...families].sort(([, a], [, b]) => b.length - a.length)
    const [tag, [oldest, ...others] = []] = fullest ?? []
    if (tag === undefined || oldest === undefined) {
      this.#foldAll(backlog, 'key')
      return
    }
    this.overflows++
    for (const { wish } of [oldest, ...others]) backlog.key.delete(idOfWish(wish))
    put(backlog, { ...oldest, reason: overflow, wish: { kind: 'tag', tag } })
  }

  /** Everything becomes one floor. */
  #foldAll(backlog: Backlog, kind: 'key' | 'tag'): void {
    const [oldest] = backlog[kind].values()
    if (oldest === undefined) return
    this.overflows++
    backlog.key.clear()
    backlog.tag.clear()
    put(backlog, { ...oldest, reason: overflow, wish: { kind: 'floor' } })
  }
}

function emptyBacklog(): Backlog {
  return { key: new Map(), tag: new Map(), floor: new Map() }
}

/** In the place of an earlier one of the same wish. */
function put(backlog: Backlog, entry: JournalEntry): JournalEntry {
  const shelf = backlog[entry.wish.kind]
  const id = idOfWish(entry.wish)
  const known = shelf.get(id)
  const kept = known === undefined ? entry : merge(known, entry)
  shelf.set(id, kept)
  return kept
}

function merge(known: JournalEntry, entry: JournalEntry): JournalEntry {
  return {
    wish: mergeWishes(known.wish, entry.wish),
    reason: entry.reason,
    sinceMs: Math.min(known.sinceMs, entry.sinceMs),
    via: known.via === 'retry' ? 'retry' : entry.via,
  }
}
