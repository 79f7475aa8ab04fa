/**
 * The nine caches of the reference system, by the names that they have in the source documents.
 * What a cache counts is derived from the counters of its families: no cache counts by itself.
 */
import type { BreakerStats, CacheStats, FamilyStats } from 'staleproof'
import type { PolycoolFamilies } from '../domain/catalog.ts'

export interface NamedCache {
  readonly name: string
  /** Empty for the circuit breaker, which holds nothing. */
  readonly families: readonly (keyof PolycoolFamilies)[]
}

/** Each family belongs to exactly one of them. */
export const namedCaches: readonly NamedCache[] = [
  { name: 'price cache', families: ['price', 'activeMarkets'] },
  { name: 'circuit breaker', families: [] },
  { name: 'market preloader', families: ['marketList', 'learnedReads'] },
  { name: 'market groups', families: ['marketGroup', 'marketGroups'] },
  { name: 'market data layer', families: ['market', 'marketByCondition'] },
  { name: 'position cache', families: ['positions', 'position'] },
  {
    name: 'watched addresses',
    families: ['watchedAddresses', 'smartTrades', 'leaderboard', 'tokenMeaning'],
  },
  { name: 'user stats', families: ['user', 'userStats'] },
  { name: 'search results', families: ['search', 'searchable'] },
]

/** Counted since the process opened its cache; of one family, or of all families of a cache. */
export interface Figures {
  /** Answered without a source, by where the answer came from. */
  readonly hits: { readonly memory: number; readonly redis: number }
  /** Shared what another read of this process had begun. */
  readonly joined: number
  /** Reads for which a source was asked. */
  readonly misses: number
  /** Reads that had no answer. */
  readonly unanswered: number
  /** Answered with a value past its TTL, as the family allows; never with an invalidated one. */
  readonly stale: number
  /** Reads ahead of need, which are none of the above. */
  readonly warmed: number
  /** Values that a source was asked for; a batch of twenty counts twenty. */
  readonly loads: number
  readonly loadFailures: number
  readonly invalidations: number
  /** Values that were written through. */
  readonly sets: number
  /** Held in the memory of this process. */
  readonly memory: { readonly entries: number; readonly bytes: number }
}

export interface CacheFigures extends Figures, NamedCache {
  /** By name: those of its families; for the circuit breaker those that families share. */
  readonly breakers: Readonly<Record<string, BreakerStats>>
}

/** Of all nine, in the order above. */
export function cacheFigures(stats: CacheStats): CacheFigures[] {
  return namedCaches.map((cache) => ({
    ...cache,
    ...figuresOf(stats, cache.families),
    breakers: breakersOf(stats, cache),
  }))
}

/** By family. */
export function familyFigures(stats: CacheStats): Readonly<Record<string, Figures>> {
  const names = Object.keys(stats.families)
  return Object.fromEntries(names.map((name) => [name, figuresOf(stats, [name])]))
}

function figuresOf({ families, memory }: CacheStats, names: readonly string[]): Figures {
  const counted = names.map((name) => families[name]).filter((family) => family !== undefined)
  const held = names.map((name) => memory.families[name]).filter((region) => region !== undefined)
  const total = (count: (family: FamilyStats) => number) => sum(counted.map(count))
  return {
    hits: { memory: total(({ reads }) => reads.memory), redis: total(({ reads }) => reads.redis) },
    joined: total(({ reads }) => reads.joined),
    misses: total(({ reads }) => reads.source),
    unanswered: total(({ reads }) => reads.none),
    stale: total(({ reads }) => reads.stale),
    warmed: total(({ warmed }) => warmed),
    loads: total(({ loads }) => loads),
    loadFailures: total(({ loadErrors }) => loadErrors),
    invalidations: total(({ invalidations }) => invalidations),
    sets: total(({ sets }) => sets),
    memory: {
      entries: sum(held.map(({ entries }) => entries)),
      bytes: sum(held.map(({ bytes }) => bytes)),
    },
  }
}

function breakersOf({ breakers }: CacheStats, { families }: NamedCache) {
  const own = new Set(families.map((family) => `family:${family}`))
  const isShared = (name: string) => !name.startsWith('family:')
  const isIts = (name: string) => (families.length === 0 ? isShared(name) : own.has(name))
  return Object.fromEntries(Object.entries(breakers).filter(([name]) => isIts(name)))
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
