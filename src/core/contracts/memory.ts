/** The memory tier: entries by family and bare id, bounded by entries and by bytes. */
import type { Entry } from '../entry.ts'

/** The id itself for one parameter, the encoded key for several, '' for none. */
export type MemoryId = string | number

/** Ids that are not what their entries are held under. */
export interface IdKind {
  /** Of their fields. */
  readonly names: readonly string[]
  /** Throws for what is no id. */
  readonly memoryId: (id: unknown) => MemoryId
}

/** What the entries of one partition are judged by. */
export interface Standing {
  readonly trust: {
    /** They may be served before this time. */
    readonly untilMs: number
    /** Those of an earlier one are suspects. */
    readonly generation: number
  }
  readonly groups: {
    /** An entry whose clock is at least as new needs no closer look. */
    readonly newest: number
    covers(clock: number, tags: readonly string[]): boolean
  }
}

/** The entries of one family. A slot that `find` gave is good until something is put or dropped. */
export interface Region {
  readonly count: number
  readonly bytes: number
  /** The part of `bytes` that is held by entries that are no longer fresh. */
  readonly bytesStale: number

  /**
   * The slot of an entry that may be served now, or -1; it counts as used. Standings are those
   * of all partitions, by index. The id is as callers have it: with an `IdKind` it throws for
   * what is none, else that is held by nobody.
   */
  serve(id: unknown, standings: readonly Standing[], nowMs: number): number
  /** The slot of an entry, whatever its state, or -1. */
  find(id: unknown): number
  /** It was used: that counts when room is short. */
  touch(slot: number): void
  valueAt(slot: number): unknown
  /** A copy of the whole; not for the path of hits. */
  entryAt(slot: number): Entry

  /** Undefined: not held. */
  get(id: MemoryId): Entry | undefined
  /** False: not admitted (too large for its share); what was held before is gone too. */
  put(id: MemoryId, entry: Entry, nowMs: number): boolean
  drop(id: MemoryId): boolean
  dropAll(): void
  /** Of all entries; what is dropped meanwhile may be among them. */
  ids(): Iterable<MemoryId>
  /** One observer, or none. */
  observe(observer: AccessObserver | undefined): void
}

/** Learns how some ids are used, and when they are used next; it says itself how many. */
export interface AccessObserver {
  /**
   * Told of an id, as 32 evenly spread bits, each time that it was put without having been
   * held, of a touch that `gap` asked for, and of the touch after a use answered with true.
   * `uses`: touches and such puts of the region so far.
   */
  used(hash: number, uses: number, isHit: boolean): boolean
  /** Touches until the next one that is told; asked at first, and after each of those. */
  gap(): number
}

/** Why entries have left. */
export const evictionCauses = ['bytes', 'entries', 'expired', 'stale', 'invalidated'] as const
export type EvictionCause = (typeof evictionCauses)[number]

/** What one family holds. */
export interface RegionStats {
  readonly entries: number
  readonly bytes: number
  /** What it may hold when others want more; until then room is free for all. */
  readonly bytesShare: number
  /** Entries that it has taken, new values of those it held apart. */
  readonly puts: number
  readonly evictions: Readonly<Record<EvictionCause, number>>
}

/** How families should divide the bytes of memory, by how they were used lately. */
export interface SizingStats {
  readonly mode: 'advise' | 'apply'
  /** By how much the hit ratio would rise, from 0 to 1; up to 0.02 nothing is moved. */
  readonly gain: number
  /** Families that there is enough to say about; none as long as room is not short. */
  readonly families: Readonly<Record<string, FamilySizing>>
  /** What these families together would hit with more or less memory, by rising size. */
  readonly curve: readonly SizePoint[]
}

/** A size of the memory, divided among families as it is now. */
export interface SizePoint {
  readonly bytes: number
  /** Of their uses, from 0 to 1. */
  readonly hitRatio: number
}

export interface FamilySizing {
  /** When it was judged. */
  readonly bytes: number
  readonly bytesAdvised: number
  /** Its part in the gain; below 0 for one that would give. */
  readonly gain: number
}

export interface MemoryStats {
  readonly entries: number
  readonly bytes: number
  readonly bytesMax: number
  /** The part of `bytes` that is held by entries that are no longer fresh. */
  readonly bytesStale: number
  /** Entries that were too large to be admitted. */
  readonly rejected: number
  /** Ids remembered after they were evicted. */
  readonly ghosts: number
  readonly evictions: Readonly<Record<EvictionCause, number>>
  readonly families: Readonly<Record<string, RegionStats>>
  /** Undefined: with `sizing: 'off'`. */
  readonly sizing?: SizingStats | undefined
}

export interface Memory {
  /** Without a kind, ids are what their entries are held under. */
  region(family: string, ids?: IdKind): Region
  /** What a family may hold when room is short; undefined: an equal part of what is left. */
  share(family: string, bytes: number | undefined): void
  /** Looks for what has expired; a bounded step, to be repeated. */
  sweep(nowMs: number): void
  stats(): MemoryStats
}
