/** Reading one key from Redis, alone and with 64 callers at once; nobody has a memory tier. */

import type { Contest, Scenario, Stage } from '../contestant.ts'
import { rawHit } from '../contestants/ioredis.ts'
import { redisHit as libraryHit } from '../contestants/library.ts'
import { redisHit as ourHit } from '../contestants/staleproof-redis.ts'
import { redisLibraries } from '../libraries/index.ts'

const ours = 'staleproof get'
const raw = 'ioredis GET + JSON.parse'

export const redisHit: Scenario = {
  name: 'redis-hit',
  needsRedis: true,
  contests: (stage) => [
    contest(stage, { lanes: 1, operations: 2_000, ratiosMax: [1.6] }),
    contest(stage, { lanes: 64, operations: 6_400, ratiosMax: [1.3, 1.4] }),
  ],
}

interface Crowd {
  readonly lanes: number
  readonly operations: number
  readonly ratiosMax: readonly number[]
}

function contest({ peers, redisUrl }: Stage, { lanes, operations, ratiosMax }: Crowd): Contest {
  return {
    title: `Redis hit, ${lanes === 1 ? 'one after the other' : `${lanes} concurrent`}`,
    unit: 'get',
    operations,
    base: raw,
    contestants: [
      rawHit({ name: raw, redisUrl, lanes }),
      ourHit({ name: ours, redisUrl, lanes }),
      ...redisLibraries.map((library) => libraryHit({ library, peers, redisUrl, lanes })),
    ],
    bars: ratiosMax.map((ratioMax) => ({ contestant: ours, against: raw, ratioMax })),
  }
}
