/** 100 keys that nobody has, in one operation, from a source that takes ids in batches. */

import type { Scenario } from '../contestant.ts'
import { bentoLoad } from '../contestants/bentocache.ts'
import { rawLoad } from '../contestants/ioredis.ts'
import { loadAndStore } from '../contestants/staleproof-redis.ts'

const batch = 100
const raw = 'ioredis MGET, load, pipeline of SET'

export const batchLoad: Scenario = {
  name: 'batch-load',
  needsRedis: true,
  contests: ({ peers, redisUrl }) => [
    {
      title: `load and store, batch of ${batch}`,
      unit: 'batch',
      operations: 40,
      base: raw,
      contestants: [
        rawLoad({ name: raw, redisUrl, lanes: 1, batch }),
        loadAndStore({ name: 'staleproof getMany, many', redisUrl, lanes: 1, batch }),
        bentoLoad({ name: `bentocache ${batch} × getOrSet`, peers, redisUrl, lanes: 1, batch }),
      ],
      bars: [],
    },
  ],
}
