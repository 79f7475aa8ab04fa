/** The peers, from the dependencies of this folder; `peers.ts` imports it once installed. */
export { BentoCache, bentostore } from 'bentocache'
export { memoryDriver } from 'bentocache/drivers/memory'
export { redisBusDriver, redisDriver } from 'bentocache/drivers/redis'
export { LRUCache } from 'lru-cache'
