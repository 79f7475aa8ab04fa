/**
 * The memory tier over one `lru-cache` per family. The budget is shared: when it is
 * exceeded, the family with the most bytes gives up its least recently used entries.
 * Expiry is not lru-cache's business: every hit is judged by the reader.
 */
import { LRUCache } from 'lru-cache'
import type { Memory, MemoryId, MemoryStats, Region } from '../core/contracts/memory.ts'
import type { Entry } from '../core/entry.ts'

/** An entry over this share of the budget is not admitted (CONTRACT 6). */
const shareMax = 1 / 8

export interface LruMemoryOptions {
  readonly bytesMax: number
  readonly entriesMax: number
}

export class LruMemory implements Memory {
  readonly #options: LruMemoryOptions
  readonly #regions = new Map<string, LruRegion>()
  #bytes = 0
  #entries = 0
  #evictions = 0

  constructor(options: LruMemoryOptions) {
    this.#options = options
  }

  region(family: string): Region {
    const known = this.#regions.get(family)
    if (known !== undefined) return known
    const region = new LruRegion({
      bytesMax: this.#options.bytesMax,
      onAdded: (sizeBytes) => this.#added(sizeBytes),
      onRemoved: (sizeBytes, isEviction) => {
        this.#bytes -= sizeBytes
        this.#entries--
        if (isEviction) this.#evictions++
      },
    })
    this.#regions.set(family, region)
    return region
  }

  stats(): MemoryStats {
    const { bytesMax } = this.#options
    return { entries: this.#entries, bytes: this.#bytes, bytesMax, evictions: this.#evictions }
  }

  #added(sizeBytes: number): void {
    this.#bytes += sizeBytes
    this.#entries++
    const { bytesMax, entriesMax } = this.#options
    while (this.#bytes > bytesMax || this.#entries > entriesMax) {
      let largest: LruRegion | undefined
      for (const region of this.#regions.values()) {
        if (largest === undefined || region.bytes > largest.bytes) largest = region
      }
      if (largest === undefined || !largest.evictOldest()) return
    }
  }
}

interface RegionOptions {
  readonly bytesMax: number
  readonly onAdded: (sizeBytes: number) => void
  readonly onRemoved: (sizeBytes: number, isEviction: boolean) => void
}

class LruRegion implements Region {
  readonly #options: RegionOptions
  readonly #cache: LRUCache<MemoryId, Entry>
  bytes = 0

  constructor(options: RegionOptions) {
    this.#options = options
    this.#cache = new LRUCache({
      // By bytes alone: a bound in entries would set aside room for all of them in advance.
      maxSize: options.bytesMax,
      dispose: (entry, _id, reason) => this.#forget(entry, reason === 'evict'),
    })
  }

  get count(): number {
    return this.#cache.size
  }

  ids(): Iterable<MemoryId> {
    return [...this.#cache.keys()]
  }

  get(id: MemoryId): Entry | undefined {
    return this.#cache.get(id)
  }

  put(id: MemoryId, entry: Entry): boolean {
    this.#cache.delete(id)
    if (entry.sizeBytes > this.#options.bytesMax * shareMax) return false
    this.#cache.set(id, entry, { size: Math.max(1, entry.sizeBytes) })
    this.bytes += entry.sizeBytes
    this.#options.onAdded(entry.sizeBytes)
    return true
  }

  drop(id: MemoryId): boolean {
    return this.#cache.delete(id)
  }

  dropAll(): void {
    this.#cache.clear()
  }

  evictOldest(): boolean {
    return this.#cache.pop() !== undefined
  }

  #forget(entry: Entry, isEviction: boolean): void {
    this.bytes -= entry.sizeBytes
    this.#options.onRemoved(entry.sizeBytes, isEviction)
  }
}
