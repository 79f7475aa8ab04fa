/** All who take part, ours first. */
import { bentocachePair } from './bentocache-pair.ts'
import { cacheablePair } from './cacheable-pair.ts'
import { layeredLoaderPair } from './layered-loader-pair.ts'
import { nodeRedisPair } from './node-redis-pair.ts'
import type { Pair } from './pair.ts'
import { staleproofBarrierPair, staleproofPair } from './staleproof-pair.ts'

export const ours: readonly Pair[] = [staleproofPair, staleproofBarrierPair]
export const peerPairs: readonly Pair[] = [
  bentocachePair,
  cacheablePair,
  layeredLoaderPair,
  nodeRedisPair,
]
export const pairs: readonly Pair[] = [...ours, ...peerPairs]
