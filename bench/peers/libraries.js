/** The peers, from the dependencies of this folder; `peers.ts` imports it once installed. */

export { default as KeyvRedis } from '@keyv/redis'
export { RedisMessageProvider } from '@qified/redis'
export { BentoCache, bentostore } from 'bentocache'
export { memoryDriver } from 'bentocache/drivers/memory'
export { redisBusDriver, redisDriver } from 'bentocache/drivers/redis'
export { Cacheable } from 'cacheable'
export { Redis } from 'ioredis'
export { createNotificationPair, Loader, RedisCache } from 'layered-loader'
export { LRUCache } from 'lru-cache'
export { BasicClientSideCache, createClient } from 'redis'
