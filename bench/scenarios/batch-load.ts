/** 100 keys that nobody has, in one operation, from a source that takes ids in batches. */

import type { Scenario } from '../contestant.ts'
import { rawLoad } from '../contestants/ioredis.ts'
import { loadThrough } from '../contestants/library.ts'
import { loadAndStore } from '../contestants/staleproof-redis.ts'
import { bentocache } from '../libraries/bentocache.ts'
import { layeredLoader } from '../libraries/layered-loader.ts'

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
        ...[layeredLoader, bentocache].map((library) =>
          loadThrough({ library, peers, redisUrl, lanes: 1, batch, share: 0.5 }),
        ),
      ],
      bars: [],
    },
  ],
}
