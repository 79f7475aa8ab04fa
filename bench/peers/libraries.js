/** The peers, from the dependencies of this folder; `peers.ts` imports it once installed. */

export { cachified, totalTtl } from '@epic-web/cachified'
export { default as KeyvRedis } from '@keyv/redis'
export { RedisMessageProvider } from '@qified/redis'
export { createCache as createDedupeCache } from 'async-cache-dedupe'
export { BentoCache, bentostore } from 'bentocache'
export { memoryDriver } from 'bentocache/drivers/memory'
export { redisBusDriver, redisDriver } from 'bentocache/drivers/redis'
export { createCache as createCacheManager } from 'cache-manager'
export { Cacheable } from 'cacheable'
export { Redis } from 'ioredis'
export { Keyv } from 'keyv'
export {
  createGroupNotificationPair,
  createNotificationPair,
  GroupLoader,
  Loader,
  RedisCache,
  RedisGroupCache,
} from 'layered-loader'
export { LRUCache } from 'lru-cache'
export { BasicClientSideCache, createClient } from 'redis'
