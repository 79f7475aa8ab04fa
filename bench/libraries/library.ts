/**
 * Every library behind one door, so that scenarios are written once: what an application
 * would write with it, with the defaults of its README and room for all keys.
 */
import type { Peers } from '../peers.ts'

/** `both`: memory and Redis, with messages between processes where the library has them. */
export type Tiers = 'memory' | 'redis' | 'both'

export interface LibraryOptions {
  readonly peers: Peers
  readonly redisUrl: string
  /** Nobody else on the server uses it. */
  readonly namespace: string
  readonly tiers: Tiers
  /** The source; may be called as often as the library likes. */
  readonly load: (key: string) => Promise<unknown>
  /** The key of a value, which some need to put the answers of a batch in order. */
  readonly keyOf?: (value: unknown) => string
}

export interface OpenedLibrary {
  /** From the cache, else from the source, and kept. */
  fetch(key: string): Promise<unknown>
  /** As a reader calls it; `fetch` where the library knows no other way. */
  get(key: string): Promise<unknown>
  /** In one call; absent where there is none. */
  readonly getMany?: (keys: readonly string[]) => Promise<readonly unknown[]>
  /** `fetch` of many in one call; absent where there is none. */
  readonly fetchMany?: (keys: readonly string[]) => Promise<readonly unknown[]>
  /** Resolves when the library says so. */
  invalidate(key: string): Promise<unknown>
  close(): Promise<void>
}

export interface Library {
  readonly name: string
  /** What can be had of it. */
  readonly tiers: readonly Tiers[]
  open(options: LibraryOptions): Promise<OpenedLibrary>
}

/** Of every value, long enough for a run. */
export const ttlMs = 600_000
/** Room in memory, where the library bounds it. */
export const itemsMax = 100_000

/** Room in bytes, where the library bounds them. */
export const bytesMax = '500mb'

/** The fullest that a library can be had with. */
export function fullestTiers({ tiers }: Library): Tiers {
  return tiers.includes('both') ? 'both' : tiers.includes('redis') ? 'redis' : 'memory'
}
