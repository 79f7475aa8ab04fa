/** A key that nobody has: asked for, loaded, stored. Ours and bentocache with memory and bus. */

import type { Contest, Scenario, Stage } from '../contestant.ts'
import { bentoLoad } from '../contestants/bentocache.ts'
import { rawLoad } from '../contestants/ioredis.ts'
import { loadAndStore } from '../contestants/staleproof-redis.ts'

const raw = 'ioredis GET, load, SET'

export const load: Scenario = {
  name: 'load',
  needsRedis: true,
  contests: (stage) => [contest(stage, 1, 500), contest(stage, 64, 1_920)],
}

function contest({ peers, redisUrl }: Stage, lanes: number, operations: number): Contest {
  return {
    title: `load and store, ${lanes === 1 ? 'one after the other' : `${lanes} concurrent`}`,
    unit: 'load',
    operations,
    base: raw,
    contestants: [
      rawLoad({ name: raw, redisUrl, lanes }),
      loadAndStore({ name: 'staleproof get', redisUrl, lanes }),
      bentoLoad({ name: 'bentocache getOrSet', peers, redisUrl, lanes }),
    ],
    bars: [],
  }
}
