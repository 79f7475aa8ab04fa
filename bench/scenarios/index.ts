/** All scenarios, in the order in which they are run. */
import type { Scenario } from '../contestant.ts'
import type { Study } from '../study.ts'
import { batchHit } from './batch-hit.ts'
import { batchLoad } from './batch-load.ts'
import { batchSteps } from './batch-steps.ts'
import { cliStart } from './cli-start.ts'
import { coldStart } from './cold-start.ts'
import { doctorCost } from './doctor-cost.ts'
import { entryHeap } from './entry-heap.ts'
import { evictionPolicy } from './eviction-policy.ts'
import { frozenRedis } from './frozen-redis.ts'
import { groupCost } from './group-cost.ts'
import { guardCost } from './guard-cost.ts'
import { hitRatio } from './hit-ratio.ts'
import { largeValue } from './large-value.ts'
import { load } from './load.ts'
import { memoryAllocation } from './memory-allocation.ts'
import { memoryGet } from './memory-get.ts'
import { memoryPeek } from './memory-peek.ts'
import { memoryPeers } from './memory-peers.ts'
import { metricsCost } from './metrics-cost.ts'
import { missCurve } from './miss-curve.ts'
import { patternCost } from './pattern-cost.ts'
import { propagation } from './propagation.ts'
import { redisHit } from './redis-hit.ts'
import { removal } from './removal.ts'
import { serverCost } from './server-cost.ts'
import { stampede } from './stampede.ts'

export const scenarios: readonly Scenario[] = [
  memoryGet,
  memoryPeek,
  memoryPeers,
  redisHit,
  batchHit,
  load,
  batchLoad,
]

/** Scenarios that are no contests, run after them. */
export const studies: readonly Study[] = [
  memoryAllocation,
  entryHeap,
  batchSteps,
  stampede,
  removal,
  largeValue,
  guardCost,
  metricsCost,
  serverCost,
  groupCost,
  patternCost,
  propagation,
  frozenRedis,
  coldStart,
  cliStart,
  hitRatio,
  missCurve,
  doctorCost,
  evictionPolicy,
]
