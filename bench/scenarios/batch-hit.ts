/** 100 keys that Redis has, in one operation; nobody has a memory tier. */

import type { Scenario } from '../contestant.ts'
import { bentoBatchGet } from '../contestants/bentocache.ts'
import { rawHit } from '../contestants/ioredis.ts'
import { redisHit } from '../contestants/staleproof-redis.ts'

const batch = 100
const raw = 'ioredis MGET + JSON.parse'

export const batchHit: Scenario = {
  name: 'batch-hit',
  needsRedis: true,
  contests: ({ peers, redisUrl }) => [
    {
      title: `Redis hit, batch of ${batch}`,
      unit: 'batch',
      operations: 200,
      base: raw,
      contestants: [
        rawHit({ name: raw, redisUrl, lanes: 1, batch }),
        redisHit({ name: 'staleproof getMany, memory: false', redisUrl, lanes: 1, batch }),
        bentoBatchGet({ name: `bentocache ${batch} × get`, peers, redisUrl, batch }),
      ],
      bars: [],
    },
  ],
}
