/** A hit in memory, by every library, zipf(1.0) over 10,000 keys; keys are built before. */

import type { Contestant, Scenario, Stage } from '../contestant.ts'
import { byTaggedText, byText } from '../contestants/bench-cache.ts'
import { awaitedLoader, syncLoader } from '../contestants/layered-loader.ts'
import { memoryHit } from '../contestants/library.ts'
import { awaitedPrebuilt, syncPrebuilt } from '../contestants/lru-cache.ts'
import { awaitedMap } from '../contestants/map.ts'
import { awaitedGet, peek } from '../contestants/staleproof-memory.ts'
import {
  bentocacheObjects,
  bentocacheTagged,
  cacheableTagged,
  peerLibraries,
} from '../libraries/index.ts'
import { textIds } from '../workload.ts'

const base = 'lru-cache, called'
const ours = 'staleproof get'
/** The others need 5 to 100 times as long as memory alone; one asks Redis at each hit. */
const share = { usual: 0.05, asksRedis: 0.002 }

export const memoryPeers: Scenario = {
  name: 'memory-peers',
  needsRedis: true,
  contests: (stage) => [
    {
      title: 'memory hit, all libraries',
      unit: 'get',
      operations: 100_000,
      base,
      contestants: [...fast(stage), ...slow(stage)],
      bars: [{ contestant: ours, against: 'layered-loader', ratioMax: 1, isAim: true }],
    },
  ],
}

function fast({ peers, redisUrl }: Stage): readonly Contestant[] {
  const ids = textIds
  return [
    syncPrebuilt({ name: base, peers, ids, isKeyed: true }),
    awaitedMap('Map, awaited'),
    awaitedPrebuilt({ name: 'lru-cache, awaited', peers, ids, isKeyed: true }),
    peek({ name: 'staleproof peek', redisUrl, family: byText }),
    awaitedGet({ name: ours, redisUrl, family: byText }),
    awaitedGet({ name: 'staleproof get, 1 tag', redisUrl, family: byTaggedText }),
    syncLoader({ name: 'layered-loader, called', peers, redisUrl, ids }),
    awaitedLoader({ name: 'layered-loader', peers, redisUrl, ids }),
  ]
}

function slow({ peers, redisUrl }: Stage): readonly Contestant[] {
  const others = peerLibraries.filter(({ name }) => name !== 'layered-loader')
  return [...others, bentocacheObjects, bentocacheTagged, cacheableTagged].map((library) =>
    memoryHit({
      library,
      peers,
      redisUrl,
      share: library === cacheableTagged ? share.asksRedis : share.usual,
    }),
  )
}
