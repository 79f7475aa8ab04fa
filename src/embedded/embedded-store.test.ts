import { describe, expect, it } from 'vitest'
import { systemChance, systemClock } from '../system.ts'
import { describeStore, type StoreWorld } from '../testing/store-suite.ts'
import { EmbeddedServer, openEmbedded } from './index.ts'

describeStore({ describe, expect, it }, 'the embedded store', async (): Promise<StoreWorld> => {
  const server = new EmbeddedServer({ clock: systemClock, chance: systemChance })
  const remote = openEmbedded(server, { clock: systemClock, withBus: true })
  return {
    remote,
    text: async (key) => server.text(key),
    ttlMs: async (key) => server.ttlMs(key),
    putText: async (key, text, lifeMs) => server.putText(key, text, lifeMs),
    loseRecord: async (how) => server.evictRecord(0, how === 'foreign' ? how : undefined),
    async loseLock(name) {
      server.step(0).partition.locks.drop(name)
    },
    async loseBucket(name) {
      server.step(0).partition.buckets.drop(name)
    },
    close: () => remote.close(),
  }
})
