/** `await get` of what memory holds, zipf(1.0) over 10,000 keys. */

import type { Contest, Scenario, Stage } from '../contestant.ts'
import type { BenchFamilyOf } from '../contestants/bench-cache.ts'
import { byNumber, byPair, byTaggedText, byText } from '../contestants/bench-cache.ts'
import { awaitedLoader } from '../contestants/layered-loader.ts'
import { awaitedBuilt, awaitedPrebuilt } from '../contestants/lru-cache.ts'
import { awaitedGet } from '../contestants/staleproof-memory.ts'

const operations = 100_000
const ours = 'staleproof get(id)'
const prebuilt = 'lru-cache awaited, prebuilt key'
const built = 'lru-cache awaited, built key'
const layered = 'layered-loader awaited, prebuilt key'

export const memoryGet: Scenario = {
  name: 'memory-get',
  needsRedis: false,
  contests: (stage) => [single(stage, byText), single(stage, byNumber), pair(stage), tagged(stage)],
}

function single<Id>({ peers, redisUrl }: Stage, family: BenchFamilyOf<Id>): Contest {
  const { ids } = family
  return {
    title: `memory hit, await, ${ids.title}`,
    unit: 'get',
    operations,
    base: prebuilt,
    contestants: [
      awaitedPrebuilt({ name: prebuilt, peers, ids }),
      awaitedBuilt({ name: built, peers, ids }),
      awaitedGet({ name: ours, redisUrl, family }),
      awaitedLoader({ name: layered, peers, redisUrl, ids }),
    ],
    bars: [
      { contestant: ours, against: prebuilt, ratioMax: 1.5 },
      { contestant: ours, against: built, ratioMax: 0.8 },
      { contestant: ours, against: layered, ratioMax: 1, isAim: true },
    ],
  }
}

/** No cache of texts has the key of two parameters at hand: the built key is the base. */
function pair({ peers, redisUrl }: Stage): Contest {
  const { ids } = byPair
  return {
    title: `memory hit, await, ${ids.title}`,
    unit: 'get',
    operations,
    base: built,
    contestants: [
      awaitedBuilt({ name: built, peers, ids }),
      awaitedGet({ name: ours, redisUrl, family: byPair }),
    ],
    bars: [{ contestant: ours, against: built, ratioMax: 1.5 }],
  }
}

function tagged({ redisUrl }: Stage): Contest {
  const [plain, one] = ['staleproof, no tag', 'staleproof, 1 tag']
  return {
    title: 'memory hit, await, tagged beside untagged',
    unit: 'get',
    operations,
    base: plain,
    contestants: [
      awaitedGet({ name: plain, redisUrl, family: byText }),
      awaitedGet({ name: one, redisUrl, family: byTaggedText }),
    ],
    bars: [{ contestant: one, against: plain, ratioMax: 1.3 }],
  }
}
