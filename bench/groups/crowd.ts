/**
 * Many slots of one family: one is filled by the cache, the others are copies of it, made
 * on the server; the text of a slot does not name its key.
 */
import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { type Cache, defineCatalog, family, openCache, shape } from 'staleproof'

const catalog = defineCatalog('bench', {
  item: family('item:{number:int}', {
    value: shape<number>(),
    ttl: '1h',
    tags: () => ['crowd'],
  }),
})

export type CrowdCache = Cache<typeof catalog.families>

export interface Crowd {
  readonly cache: CrowdCache
  /** A glob over key texts as Redis needs it. */
  glob(glob: string): string
  /** Keys with the numbers `first` to `first + count - 1`. */
  fill(first: number, count: number): Promise<void>
  close(): Promise<void>
}

/** In one script call. */
const copiesMax = 10_000
const COPY = `
local text = redis.call('GET', KEYS[1])
for number = tonumber(ARGV[2]), tonumber(ARGV[2]) + tonumber(ARGV[3]) - 1 do
  redis.call('SET', ARGV[1] .. string.format('%.0f', number), text, 'PX', 3600000)
end
`
const REMOVE = `
for number = tonumber(ARGV[2]), tonumber(ARGV[2]) + tonumber(ARGV[3]) - 1 do
  redis.call('UNLINK', ARGV[1] .. string.format('%.0f', number))
end
`

export async function openCrowd(redisUrl: string): Promise<Crowd> {
  const namespace = `crowd-${randomUUID()}`
  const cache = await openCache(catalog, {
    service: 'bench',
    redis: redisUrl,
    namespace,
    memory: false,
    log: false,
    sources: { item: async (number) => number },
  })
  const redis = new Redis(redisUrl)
  const prefix = `{${namespace}:0}:k:item:`
  const filled: { readonly first: number; readonly count: number }[] = []
  return {
    cache,
    glob: (glob) => `{${namespace}:0}:k:${glob}`,
    async fill(first, count) {
      filled.push({ first, count })
      await cache.item.get(first)
      await cache.settled()
      for (let at = first; at < first + count; at += copiesMax) {
        const copies = Math.min(copiesMax, first + count - at)
        await redis.eval(COPY, 1, `${prefix}${first}`, prefix, at, copies)
      }
    },
    async close() {
      await cache.close()
      for (const { first, count } of filled) {
        for (let at = first; at < first + count; at += copiesMax) {
          await redis.eval(REMOVE, 0, prefix, at, Math.min(copiesMax, first + count - at))
        }
      }
      redis.disconnect()
    },
  }
}
