/** The truth that both processes share: a version for each key, in Redis. */
import { Redis } from 'ioredis'

export interface Truth {
  load(key: string): Promise<number>
  store(key: string, version: number): Promise<void>
  close(): void
}

export function openTruth(redisUrl: string, namespace: string): Truth {
  const redis = new Redis(redisUrl)
  const nameOf = (key: string) => `truth:${namespace}:${key}`
  return {
    load: async (key) => Number(await redis.get(nameOf(key))),
    async store(key, version) {
      await redis.set(nameOf(key), version)
    },
    close: () => redis.disconnect(),
  }
}
