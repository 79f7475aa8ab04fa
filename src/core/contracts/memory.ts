/** The memory tier: entries by family and bare id, bounded by entries and by bytes. */
import type { Entry } from '../entry.ts'

/** The id itself for one parameter, the encoded key for several, '' for none. */
export type MemoryId = string | number

export interface Region {
  readonly count: number
  /** Of all entries; what is dropped meanwhile may be among them. */
  ids(): Iterable<MemoryId>
  get(id: MemoryId): Entry | undefined
  /** False: not admitted (too large for its share). */
  put(id: MemoryId, entry: Entry): boolean
  drop(id: MemoryId): boolean
  dropAll(): void
}

export interface MemoryStats {
  readonly entries: number
  readonly bytes: number
  readonly bytesMax: number
  readonly evictions: number
}

export interface Memory {
  region(family: string): Region
  stats(): MemoryStats
}
