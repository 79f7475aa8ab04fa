/**
 * ioredis alone, in the version that our cache stands on: what an application would write
 * by hand, without memory, coherence or protection from stampedes. The floor for Redis.
 */
import { Redis } from 'ioredis'
import type { Contestant } from '../contestant.ts'
import { inLanes } from '../lanes.ts'
import { expectQuote, keyCount, quoteOf, textIds } from '../workload.ts'

export interface RawContestOptions {
  readonly name: string
  readonly redisUrl: string | undefined
  readonly lanes: number
  /** Keys of one operation; more than one go in one MGET, or one pipeline of SET. Default 1. */
  readonly batch?: number
}

const ttlMs = 600_000

/** GET or MGET, and JSON.parse. */
export function rawHit(options: RawContestOptions): Contestant {
  const { name, lanes, batch = 1 } = options
  const keys = Array.from({ length: keyCount }, (_, number) => keyOf(options, number))
  let redis: Redis | undefined
  let at = 0
  return {
    name,
    async prepare() {
      redis = openRedis(options)
      await inLanes(64, keyCount, async (number) => {
        await redis?.set(keys[number] ?? '', JSON.stringify(quoteOf(number)), 'PX', ttlMs)
        return true
      })
      for (const number of [0, 7, 9_999]) {
        expectQuote(name, number, parsed(await redis.get(keys[number] ?? '')))
      }
    },
    async run(operations) {
      const client = redis ?? openRedis(options)
      return inLanes(lanes, operations, async () => {
        at = (at + batch) % keyCount
        if (batch === 1) return parsed(await client.get(keys[at] ?? '')) !== undefined
        const values = (await client.mget(keys.slice(at, at + batch))).map(parsed)
        return values.every((value) => value !== undefined)
      })
    },
    close: async () => redis?.disconnect(),
  }
}

/** GET, what is missing is loaded, SET with a TTL. Every key is asked for once. */
export function rawLoad(options: RawContestOptions): Contestant {
  const { name, lanes, batch = 1 } = options
  const keyAt = (number: number) => `${keyOf(options, number)}:load`
  let redis: Redis | undefined
  let next = 0
  return {
    name,
    async prepare() {
      redis = openRedis(options)
      expectQuote(name, 0, await loadOne(redis, keyAt, next++))
      expectQuote(name, 0, parsed(await redis.get(keyAt(0))))
    },
    async run(operations) {
      const client = redis ?? openRedis(options)
      return inLanes(lanes, operations, async () => {
        const first = next
        next += batch
        if (batch === 1) return (await loadOne(client, keyAt, first)) !== undefined
        const values = await loadMany(client, keyAt, { first, batch })
        return values.length === batch
      })
    },
    close: async () => redis?.disconnect(),
  }
}

type KeyAt = (number: number) => string

async function loadOne(redis: Redis, keyAt: KeyAt, number: number): Promise<unknown> {
  const key = keyAt(number)
  const found = parsed(await redis.get(key))
  if (found !== undefined) return found
  const value = await load(number)
  await redis.set(key, JSON.stringify(value), 'PX', ttlMs)
  return value
}

async function loadMany(
  redis: Redis,
  keyAt: KeyAt,
  { first, batch }: { readonly first: number; readonly batch: number },
): Promise<readonly unknown[]> {
  const keys = Array.from({ length: batch }, (_, at) => keyAt(first + at))
  const found = await redis.mget(keys)
  const values = await Promise.all(found.map((text, at) => parsed(text) ?? load(first + at)))
  const pipeline = redis.pipeline()
  for (const [at, value] of values.entries()) {
    if (found[at] === null) pipeline.set(keys[at] ?? '', JSON.stringify(value), 'PX', ttlMs)
  }
  await pipeline.exec()
  return values
}

async function load(number: number): Promise<unknown> {
  return quoteOf(number)
}

function openRedis({ redisUrl }: RawContestOptions): Redis {
  if (redisUrl === undefined) throw new Error('expected the address of a Redis')
  return new Redis(redisUrl)
}

/** Contests of one run must not find each other's keys. */
function keyOf({ lanes, batch = 1 }: RawContestOptions, number: number): string {
  return `bench-raw-${process.pid}-${lanes}-${batch}:${textIds.of(number)}`
}

function parsed(text: string | null | undefined): unknown {
  return typeof text === 'string' ? JSON.parse(text) : undefined
}
