/** What one would write by hand: find keys by their prefix, and UNLINK them. */
import { Redis } from 'ioredis'
import type { LibraryOptions } from '../libraries/library.ts'
import type { Remover } from './remover.ts'

export const rawRemovers: readonly Remover[] = [
  removerOf('ioredis SCAN COUNT 1000, UNLINK', async (redis, glob) => {
    let cursor = '0'
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', glob, 'COUNT', 1_000)
      cursor = next
      if (keys.length > 0) await redis.unlink(keys)
    } while (cursor !== '0')
  }),
  removerOf('ioredis KEYS, UNLINK', async (redis, glob) => {
    await redis.unlink(await redis.keys(glob))
  }),
]

function removerOf(name: string, remove: (redis: Redis, glob: string) => Promise<void>): Remover {
  return {
    name,
    async open({ redisUrl, namespace, load }: LibraryOptions) {
      const redis = new Redis(redisUrl)
      return {
        async fetch(key) {
          const slot = `${namespace}:${key}`
          const found = await redis.get(slot)
          if (found !== null) return found
          const value = String(await load(key))
          await redis.set(slot, value, 'EX', 600)
          return value
        },
        remove: () => remove(redis, `${namespace}:*`),
        close: async () => redis.disconnect(),
      }
    },
  }
}
