/**
 * A key that nobody has: asked for, loaded, stored. Each library has all that it can have:
 * memory, Redis and messages, or Redis alone.
 */

import type { Contest, Scenario, Stage } from '../contestant.ts'
import { rawLoad } from '../contestants/ioredis.ts'
import { loadThrough } from '../contestants/library.ts'
import { loadAndStore } from '../contestants/staleproof-redis.ts'
import { nodeRedis, peerLibraries } from '../libraries/index.ts'

const raw = 'ioredis GET, load, SET'
const ours = 'staleproof get'

export const load: Scenario = {
  name: 'load',
  needsRedis: true,
  contests: (stage) => [
    contest(stage, { lanes: 1, operations: 500, ratioMax: 2.2 }),
    contest(stage, { lanes: 64, operations: 1_920, ratioMax: 1.5 }),
  ],
}

interface Crowd {
  readonly lanes: number
  readonly operations: number
  readonly ratioMax: number
}

function contest({ peers, redisUrl }: Stage, { lanes, operations, ratioMax }: Crowd): Contest {
  return {
    title: `load and store, ${lanes === 1 ? 'one after the other' : `${lanes} concurrent`}`,
    unit: 'load',
    operations,
    base: raw,
    contestants: [
      rawLoad({ name: raw, redisUrl, lanes }),
      loadAndStore({ name: ours, redisUrl, lanes }),
      ...[nodeRedis, ...peerLibraries].map((library) =>
        loadThrough({ library, peers, redisUrl, lanes }),
      ),
    ],
    bars: [{ contestant: ours, against: raw, ratioMax }],
  }
}
