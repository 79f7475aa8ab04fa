/** `peek` of what memory holds, zipf(1.0) over 10,000 keys. bentocache has nothing synchronous. */

import type { Contest, Scenario, Stage } from '../contestant.ts'
import { type BenchFamilyOf, byNumber, byPair, byText } from '../contestants/bench-cache.ts'
import { syncBuilt, syncPrebuilt, syncTimed } from '../contestants/lru-cache.ts'
import { peek } from '../contestants/staleproof-memory.ts'

const operations = 100_000
const ours = 'staleproof peek(id)'
const prebuilt = 'lru-cache sync, prebuilt key'
const built = 'lru-cache sync, built key'
/** The least that a hit can cost which looks at the clock. */
const timed = 'lru-cache sync, prebuilt key, and the time'

export const memoryPeek: Scenario = {
  name: 'memory-peek',
  needsRedis: false,
  contests: (stage) => [single(stage, byText), single(stage, byNumber), pair(stage)],
}

function single<Id>({ peers, redisUrl }: Stage, family: BenchFamilyOf<Id>): Contest {
  const { ids } = family
  return {
    title: `memory hit, peek, ${ids.title}`,
    unit: 'peek',
    operations,
    base: prebuilt,
    contestants: [
      syncPrebuilt({ name: prebuilt, peers, ids }),
      syncTimed({ name: timed, peers, ids }),
      syncBuilt({ name: built, peers, ids }),
      peek({ name: ours, redisUrl, family }),
    ],
    bars: [{ contestant: ours, against: prebuilt, ratioMax: 2 }],
  }
}

function pair({ peers, redisUrl }: Stage): Contest {
  const { ids } = byPair
  return {
    title: `memory hit, peek, ${ids.title}`,
    unit: 'peek',
    operations,
    base: built,
    contestants: [
      syncBuilt({ name: built, peers, ids }),
      peek({ name: ours, redisUrl, family: byPair }),
    ],
    bars: [{ contestant: ours, against: built, ratioMax: 2 }],
  }
}
