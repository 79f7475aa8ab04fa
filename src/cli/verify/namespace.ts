/** What the caches of a run leave on the server: read at the end, and removed. */
import type { Redis } from 'ioredis'
import { hostMs } from '../../system.ts'
import type { FinalRecord } from '../../testing/index.ts'
import { allNames, keyOf } from './registers.ts'

const batchMax = 500

/** The payload of every slot that holds a value. */
export async function finalPayloads(redis: Redis, namespace: string): Promise<FinalRecord[]> {
  const keys = allNames.map(keyOf)
  const invokedMs = hostMs()
  const slots = await redis.mget(keys.map((key) => `{${namespace}:0}:k:${key}`))
  const returnedMs = hostMs()
  return keys.flatMap((key, index): FinalRecord[] => {
    const [, digits] = /^V\|.*\{"version":(\d+)\}$/.exec(slots[index] ?? '') ?? []
    if (digits === undefined) return []
    const base = { process: '', key, invokedMs, returnedMs, tier: 'payload' } as const
    return [{ kind: 'final', ...base, version: Number(digits) }]
  })
}

/** Removes all of our keys, in bounded batches; nobody else's. */
export async function removeAll(redis: Redis, namespace: string): Promise<void> {
  const scan = redis.scanStream({ match: `{${namespace}:*`, count: batchMax })
  for await (const batch of scan) {
    const keys: readonly string[] = Array.isArray(batch) ? batch.map(String) : []
    if (keys.length > 0) await redis.unlink(...keys)
  }
}
