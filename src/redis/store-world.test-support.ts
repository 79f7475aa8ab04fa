/** The store contract suite's hands on a real server. */
import type { Redis } from 'ioredis'
import { systemChance as chance, systemClock as clock } from '../system.ts'
import type { StoreWorld } from '../testing/store-suite.ts'
import { redisRemote } from './index.ts'
import { slotBytes } from './slot-bytes.ts'

export async function storeWorld(admin: Redis): Promise<StoreWorld> {
  await admin.flushall()
  const url = `redis://127.0.0.1:${admin.options.port}`
  const system = { clock, chance, connectTimeoutMs: 2_000 }
  const shared = { namespace: 'suite', partitions: 1, ...system, withBus: true }
  const remote = redisRemote({ redis: url, ...shared })
  const slot = (key: string) => `{suite:0}:k:${key}`
  return {
    remote,
    text: async (key) => (await admin.getBuffer(slot(key)))?.toString('latin1'),
    ttlMs: (key) => admin.pttl(slot(key)),
    async putText(key, text, lifeMs) {
      await admin.del(slot(key))
      if (text === undefined) await admin.rpush(slot(key), 'x')
      else await admin.set(slot(key), slotBytes(text), 'PX', lifeMs)
    },
    async loseRecord(how) {
      await admin.del('{suite:0}:m')
      if (how === 'foreign') await admin.set('{suite:0}:m', 'x')
    },
    async loseLock(name) {
      await admin.del(`{suite:0}:l:${name}`)
    },
    async loseBucket(name) {
      await admin.del(`{suite:0}:q:${name}`)
    },
    close: () => remote.close(),
  }
}
