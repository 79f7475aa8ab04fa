/** 100 keys that Redis has, in one operation; nobody has a memory tier. */

import type { Scenario } from '../contestant.ts'
import { rawHit } from '../contestants/ioredis.ts'
import { redisHit as libraryHit } from '../contestants/library.ts'
import { redisHit as ourHit } from '../contestants/staleproof-redis.ts'
import { redisLibraries } from '../libraries/index.ts'

const batch = 100
const raw = 'ioredis MGET + JSON.parse'
const ours = 'staleproof getMany'

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
        ourHit({ name: ours, redisUrl, lanes: 1, batch }),
        ...redisLibraries.map((library) =>
          libraryHit({ library, peers, redisUrl, lanes: 1, batch, share: 0.5 }),
        ),
      ],
      bars: [{ contestant: ours, against: raw, ratioMax: 1.8 }],
    },
  ],
}
