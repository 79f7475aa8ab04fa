/** Our own cache as the contestants open it: defaults, and a name space of its own. */
import { randomUUID } from 'node:crypto'
import { type Cache, defineCatalog, family, openCache, shape } from 'staleproof'
import {
  type Ids,
  keyCount,
  numberIds,
  numberOfText,
  type PairId,
  pairIds,
  type Quote,
  quoteOf,
  textIds,
} from '../workload.ts'

const quote = () => ({ value: shape<Quote>(), ttl: '10m' }) as const

const catalog = defineCatalog('bench', {
  text: family('bench:text:{id}', quote()),
  tagged: family('bench:tagged:{id}', { ...quote(), tags: (_value, id) => [`market:${id}`] }),
  number: family('bench:number:{id:int}', quote()),
  pair: family('bench:pair:{market:int}:{user:int}', quote()),
})

export type BenchCache = Cache<typeof catalog.families>

/** What is used of a family's handle, the same for every kind of id. */
export interface BenchFamily<Id> {
  get(id: Id): Promise<unknown>
  getMany(ids: readonly Id[]): Promise<readonly unknown[]>
  peek(id: Id): unknown
}

export interface BenchCacheOptions {
  readonly redisUrl: string | undefined
  readonly hasMemory: boolean
  /** The source takes ids in batches. Default: one at a time. */
  readonly loadsMany?: boolean
}

export async function openBenchCache(options: BenchCacheOptions): Promise<BenchCache> {
  const { redisUrl, hasMemory, loadsMany = false } = options
  const textOf = async (id: string) => quoteOf(numberOfText(id))
  return openCache(catalog, {
    service: 'bench',
    redis: redisUrl,
    namespace: `bench-${randomUUID()}`,
    memory: hasMemory ? undefined : false,
    // Loops that hold the turn for long make trust late; rounds that it spoils are repeated.
    log: false,
    sources: {
      text: loadsMany ? { many: (ids) => Promise.all(ids.map(textOf)) } : textOf,
      tagged: textOf,
      number: async (id) => quoteOf(id - 517_000),
      pair: async ({ market, user }: PairId) => quoteOf(market - 517_000 + user * 100),
    },
  })
}

/** Loads every key once, a batch at a time; memory has it when Redis has answered too. */
export async function fill<Id>(cache: BenchCache, family: BenchFamilyOf<Id>): Promise<void> {
  const batch = 200
  for (let first = 0; first < keyCount; first += batch) {
    const ids = Array.from({ length: batch }, (_, at) => family.ids.of(first + at))
    await family.in(cache).getMany(ids)
  }
  await cache.settled()
}

/** One kind of id: how it is made, and the family that is read by it. */
export interface BenchFamilyOf<Id> {
  readonly name: 'text' | 'tagged' | 'number' | 'pair'
  readonly ids: Ids<Id>
  readonly in: (cache: BenchCache) => BenchFamily<Id>
}

export const byText: BenchFamilyOf<string> = {
  name: 'text',
  ids: textIds,
  in: (cache) => cache.text,
}
/** A tag for each key, so that each hit has a clock of its own to look at. */
export const byTaggedText: BenchFamilyOf<string> = {
  name: 'tagged',
  ids: textIds,
  in: (cache) => cache.tagged,
}
export const byNumber: BenchFamilyOf<number> = {
  name: 'number',
  ids: numberIds,
  in: (cache) => cache.number,
}
export const byPair: BenchFamilyOf<PairId> = {
  name: 'pair',
  ids: pairIds,
  in: (cache) => cache.pair,
}
