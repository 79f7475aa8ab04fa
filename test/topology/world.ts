/**
 * Caches of several services on servers that fail, with a database that always answers, and
 * the history of what they did, which the checker of the library judges at the end.
 */
import { randomUUID } from 'node:crypto'
import { type Cache, type CacheOptions, defineCatalog, family, openCache, shape } from 'staleproof'
import { checkHistory, type HistoryRecord, HistoryRecorder } from 'staleproof/testing'
import { afterEach, beforeEach, expect } from 'vitest'
import { eventually } from '../servers/eventually.ts'

export const catalog = defineCatalog('topology', {
  item: family('item:{id:int}', { value: shape<number>(), ttl: '5m' }),
  other: family('other:{id:int}', { value: shape<number>(), ttl: '5m' }),
  tagged: family('tagged:{id:int}', {
    value: shape<number>(),
    ttl: '5m',
    tags: (_value, id) => [`group:${id % 3}`],
  }),
})
export type Families = typeof catalog extends { families: infer F } ? F : never
export type ItemCache = Cache<Families>

/** Δ: short, so that what may last one Δ does not last long here. */
export const trustMs = 600
/** What memory may serve after an invalidation: Δ(1 + ρ). */
const boundMs = trustMs * 1.001

/** One rising version for each id. */
export class Registers {
  readonly #versions = new Map<number, number>()
  loads = 0

  readonly load = async (id: number): Promise<number> => {
    this.loads += 1
    return this.#versions.get(id) ?? 0
  }

  async bump(id: number): Promise<number> {
    const version = (this.#versions.get(id) ?? 0) + 1
    this.#versions.set(id, version)
    return version
  }
}

export interface TopologyWorld {
  readonly namespace: string
  readonly database: Registers
  readonly open: (redis: object | string, service?: string) => Promise<ItemCache>
  /** Reads through the cache, for the history. */
  readonly read: (cache: ItemCache, id: number) => Promise<number | undefined>
  /** Commits a new version and tells the cache; resolves with the version. */
  readonly write: (cache: ItemCache, id: number) => Promise<number>
  /** Every read so far was as fresh as promised. */
  readonly expectPromise: () => void
}

export function useWorld(options: Partial<CacheOptions<Families>> = {}): () => TopologyWorld {
  const opened: ItemCache[] = []
  let world: TopologyWorld | undefined
  beforeEach(() => {
    world = makeWorld(opened, options)
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((cache) => cache.close()))
  })
  return () => {
    if (world === undefined) throw new Error('expected to be asked within a test')
    return world
  }
}

function makeWorld(opened: ItemCache[], more: Partial<CacheOptions<Families>>): TopologyWorld {
  const namespace = `c${randomUUID().slice(0, 8)}`
  const database = new Registers()
  const history: HistoryRecord[] = []
  const recorders = new Map<ItemCache, HistoryRecorder>()
  const recorderOf = (cache: ItemCache): HistoryRecorder => {
    const known = recorders.get(cache)
    if (known !== undefined) return known
    const process = `p${recorders.size}`
    const write = (record: HistoryRecord) => history.push(record)
    const made = new HistoryRecorder({ process, now: () => performance.now(), write })
    recorders.set(cache, made)
    return made
  }
  const { load } = database
  const sources = { item: load, other: load, tagged: load }
  return {
    namespace,
    database,
    async open(redis, service = 'test') {
      const own = { service, namespace, redis, sources, trust: `${trustMs}ms`, log: false } as const
      const cache = await openCache(catalog, { ...own, ...more })
      opened.push(cache)
      return cache
    },
    async read(cache, id) {
      const asked = { mode: 'bounded', versionOf: (value: number) => value } as const
      const lookup = () => cache.item.lookup(id)
      return (await recorderOf(cache).read(`item:${id}`, asked, lookup)).value
    },
    async write(cache, id) {
      const recorder = recorderOf(cache)
      const key = `item:${id}`
      const version = await recorder.write(key, () => database.bump(id))
      await recorder.invalidate([key], { how: 'key' }, () => cache.item.invalidate(id))
      return version
    },
    expectPromise() {
      const { violations, violationCount } = checkHistory(history, { boundMs })
      expect({ violationCount, violations }).toEqual({ violationCount: 0, violations: [] })
    },
  }
}

/** Until it has proof and trust everywhere. */
export function healthy(cache: ItemCache, deadlineMs = 20_000): Promise<void> {
  return eventually('the cache is well', () => cache.health().state === 'ok', deadlineMs)
}

/** Until the cache has the id in memory. */
export function held(cache: ItemCache, id: number): Promise<void> {
  return eventually(`memory holds ${id}`, async () => {
    await cache.item.get(id)
    return (await cache.item.lookup(id)).from === 'memory'
  })
}

/** Until reading resolves from the second tier or memory. */
export function ids(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at + 1)
}
