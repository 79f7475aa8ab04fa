import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemChance as chance, systemClock as clock } from '../system.ts'
import { describeStore, type StoreWorld } from '../testing/store-suite.ts'
import { redisRemote } from './index.ts'
import { TestRedis } from './redis-server.test-support.ts'

const server = new TestRedis(23_010)
let admin: Redis

beforeAll(async () => {
  await server.start()
  admin = new Redis(server.port, '127.0.0.1')
})
afterAll(async () => {
  admin.disconnect()
  await server.stop()
})

describeStore({ describe, expect, it }, 'the store on Redis', async (): Promise<StoreWorld> => {
  await admin.flushall()
  const shared = { namespace: 'suite', partitions: 1, clock, chance, withBus: true }
  const remote = redisRemote({ redis: server.url, ...shared })
  const slot = (key: string) => `{suite:0}:k:${key}`
  return {
    remote,
    text: async (key) => (await admin.get(slot(key))) ?? undefined,
    ttlMs: (key) => admin.pttl(slot(key)),
    async putText(key, text, lifeMs) {
      await admin.del(slot(key))
      if (text === undefined) await admin.rpush(slot(key), 'x')
      else await admin.set(slot(key), text, 'PX', lifeMs)
    },
    async loseRecord(how) {
      await admin.del('{suite:0}:m')
      if (how === 'foreign') await admin.set('{suite:0}:m', 'x')
    },
    close: () => remote.close(),
  }
})
