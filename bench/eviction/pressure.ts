/**
 * A cache on a server that has to evict: recorded reads, some of whose loads are slow, and slow
 * writes beside them, so that leases and quarantines are in their slots while room is made. What
 * became of them is counted, and whether anybody read an old value.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { type Cache, defineCatalog, family, type Observer, openCache, shape } from 'staleproof'

/** `samples`: `maxmemory-samples`, how many keys are compared for each that goes. */
export interface Policy {
  readonly name: 'allkeys-lru' | 'allkeys-lfu'
  readonly samples: number
}

export interface Pressure {
  readonly redisUrl: string
  readonly policy: Policy
  /** For keys, beside what the server needs for itself. */
  readonly bytesMax: number
  /** Ids in the order in which they are read. */
  readonly reads: readonly number[]
}

export interface Pressed {
  readonly hitRatio: number
  readonly evictedKeys: number
  /** Slow loads whose lease was gone when they ended. */
  readonly leases: Lost
  /** Writes whose quarantine was gone when they ended. */
  readonly quarantines: Lost
  /** Reads that did not see a write that had ended before they began. */
  readonly oldReads: number
}

export interface Lost {
  lost: number
  of: number
}

interface Item {
  readonly version: number
  readonly text: string
}

const lanes = 128
const text = 'x'.repeat(1_000)
/** One load in so many is slow. */
const slowEvery = 20
const slowMs = { min: 50, max: 1_000 }
const pauseOfWriterMs = 20
const writers = 20

const catalog = defineCatalog('eviction', {
  item: family('item:{id:int}', { value: shape<Item>(), ttl: '10m' }),
})

/** Empties the server, before and after. */
export async function press({ redisUrl, policy, bytesMax, reads }: Pressure): Promise<Pressed> {
  const admin = new Redis(redisUrl)
  try {
    await limit(admin, policy, bytesMax)
    const pressed = await traffic({ admin, redisUrl, reads })
    const evictedKeys = Number(/evicted_keys:(\d+)/.exec(await admin.info('stats'))?.[1])
    return { ...pressed, evictedKeys }
  } finally {
    await admin.config('SET', 'maxmemory', 0)
    await admin.flushall('SYNC')
    admin.disconnect()
  }
}

interface Traffic {
  readonly admin: Redis
  readonly redisUrl: string
  readonly reads: readonly number[]
}

async function traffic({ admin, redisUrl, reads }: Traffic): Promise<Omit<Pressed, 'evictedKeys'>> {
  const namespace = `eviction-${randomUUID()}`
  const versions = new Map<number, number>()
  const leases: Lost = { lost: 0, of: 0 }
  const load = slowly((id: number): Item => ({ version: versions.get(id) ?? 0, text }))
  const options = {
    service: 'bench',
    redis: redisUrl,
    namespace,
    memory: false,
    log: false,
  } as const
  const cache = await openCache(catalog, { ...options, sources: { item: load } })
  try {
    cache.observe(leaseCounter(leases))
    const done = new AbortController()
    const headOf = (id: number) => admin.getrange(`{${namespace}:0}:k:item:${id}`, 0, 1)
    const writing = write({ cache, reads, versions, headOf, signal: done.signal })
    const oldReads = await read({ cache, reads, versions })
    done.abort()
    const quarantines = await writing
    await cache.settled()
    return { hitRatio: hitRatioOf(cache), leases, quarantines, oldReads }
  } finally {
    await cache.close()
  }
}

/** What is read at the start of a load is what it answers with. */
function slowly<Value>(load: (id: number) => Value): (id: number) => Promise<Value> {
  let loads = 0
  return async (id) => {
    const value = load(id)
    loads++
    if (loads % slowEvery === 0) await pause(between(slowMs, loads))
    return value
  }
}

async function limit(admin: Redis, policy: Policy, bytesMax: number): Promise<void> {
  await admin.flushall('SYNC')
  await admin.config('RESETSTAT')
  const used = Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1])
  await admin.config('SET', 'maxmemory-policy', policy.name)
  await admin.config('SET', 'maxmemory-samples', policy.samples)
  await admin.config('SET', 'maxmemory', used + bytesMax)
}

/** Of loads that were slow; an own invalidation dooms its flight, and is told as that. */
function leaseCounter(leases: Lost): Observer {
  return {
    notify(event) {
      if (event.kind !== 'load' || event.ms < slowMs.min) return
      for (const result of event.stored) {
        if (result === 'stored' || result === 'gone') leases.of++
        if (result === 'gone') leases.lost++
      }
    },
  }
}

interface Reading {
  readonly cache: Cache<typeof catalog.families>
  readonly reads: readonly number[]
  /** By id: how often it was written. */
  readonly versions: Map<number, number>
}

/** Resolves with how many saw less than what had been written before. */
async function read({ cache, reads, versions }: Reading): Promise<number> {
  let [next, oldReads] = [0, 0]
  const lane = async () => {
    for (let id = reads[next++]; id !== undefined; id = reads[next++]) {
      const before = versions.get(id) ?? 0
      const item = await cache.item.get(id)
      if ((item?.version ?? 0) < before) oldReads++
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return oldReads
}

interface Writing extends Reading {
  /** The first letters of the slot. */
  readonly headOf: (id: number) => Promise<string>
  readonly signal: AbortSignal
}

/** Until the signal; what is written counts as written once `mutate` has returned. */
async function write({ cache, reads, versions, headOf, signal }: Writing): Promise<Lost> {
  const quarantines: Lost = { lost: 0, of: 0 }
  const writeSlowly = async (id: number, turn: number) => {
    await pause(between(slowMs, turn))
    quarantines.of++
    if ((await headOf(id)) !== 'Q|') quarantines.lost++
  }
  const writer = async (first: number) => {
    for (let turn = first; !signal.aborted; turn += writers) {
      const id = reads[(turn * 7_919) % reads.length] ?? 0
      const version = (versions.get(id) ?? 0) + 1
      const keys = [cache.item.key(id)]
      await cache.mutate(keys, () => writeSlowly(id, turn), { reason: 'bench' })
      versions.set(id, Math.max(version, versions.get(id) ?? 0))
      await pause(pauseOfWriterMs)
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, at) => writer(at)))
  return quarantines
}

function hitRatioOf(cache: Reading['cache']): number {
  const reads = cache.stats().families.item?.reads
  if (reads === undefined) throw new Error('expected that the family was read')
  const { redis, joined, source } = reads
  return (redis + joined) / (redis + joined + source)
}

/** Spread evenly, the same in every run. */
function between({ min, max }: { readonly min: number; readonly max: number }, turn: number) {
  return min + (((turn * 2_654_435_761) % 2 ** 32) / 2 ** 32) * (max - min)
}
