/** All libraries, ours first. */
import { asyncCacheDedupe } from './async-cache-dedupe.ts'
import { bentocache, bentocacheObjects, bentocacheTagged } from './bentocache.ts'
import { cacheManager } from './cache-manager.ts'
import { cacheable, cacheableTagged } from './cacheable.ts'
import { cachifiedLibrary } from './cachified.ts'
import { layeredLoader } from './layered-loader.ts'
import type { Library } from './library.ts'
import { lruCache } from './lru-cache.ts'
import { nodeRedis, nodeRedisClientSide } from './node-redis.ts'
import { staleproof, staleproofBarrier } from './staleproof.ts'

/** With a memory, Redis or both, and a source. */
export const peerLibraries: readonly Library[] = [
  layeredLoader,
  asyncCacheDedupe,
  cachifiedLibrary,
  nodeRedisClientSide,
  bentocache,
  cacheable,
  cacheManager,
]

/** Without memory. */
export const redisLibraries: readonly Library[] = [
  nodeRedis,
  ...peerLibraries.filter(({ tiers }) => tiers.includes('redis')),
]

/** Those whose processes tell each other what is invalid. */
export const ourMessengers: readonly Library[] = [staleproof, staleproofBarrier]
export const peerMessengers: readonly Library[] = [
  bentocache,
  cacheable,
  layeredLoader,
  nodeRedisClientSide,
]

export {
  bentocacheObjects,
  bentocacheTagged,
  cacheableTagged,
  lruCache,
  nodeRedis,
  staleproof,
  staleproofBarrier,
}
