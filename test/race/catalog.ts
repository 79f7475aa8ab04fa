/** What the race tests cache: registers of which only the version matters. */
import { defineCatalog, family, shape } from 'staleproof'

export interface Register {
  readonly version: number
}

const register = shape<Register>()

export const catalog = defineCatalog('race', {
  item: family('item:{id:int}', { value: register, ttl: '1m' }),
  /** Writers may `set` it, besides invalidating. */
  ordered: family('ordered:{id:int}', {
    value: register,
    ttl: '1m',
    order: (value) => value.version,
  }),
  /** Has no source anywhere: what is there has been set. */
  pushed: family('pushed:{id:int}', {
    value: register,
    ttl: '1m',
    setOnly: true,
    order: (value) => value.version,
  }),
  /** Served stale, and loaded anew by one of all processes. */
  aging: family('aging:{id:int}', { value: register, ttl: '1s', staleWhileRevalidate: '1m' }),
  /** Made from `item` by a source that asks the cache for it. */
  derived: family('derived:{id:int}', { value: register, ttl: '1m' }),
  /** In two groups: one that the id tells, one that only a loaded value tells. */
  grouped: family('grouped:{id:int}', {
    value: register,
    ttl: '1m',
    negativeTtl: '1m',
    tags: (value, id) => [`owner:${id}`, `version:${value?.version ?? 0} of ${id}`],
  }),
})

export type RaceFamily = 'item' | 'aging' | 'ordered' | 'pushed' | 'derived' | 'grouped'
