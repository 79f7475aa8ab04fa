/** All scenarios, in the order in which they are run. */
import type { Scenario } from '../contestant.ts'
import type { Study } from '../study.ts'
import { batchHit } from './batch-hit.ts'
import { batchLoad } from './batch-load.ts'
import { groupCost } from './group-cost.ts'
import { load } from './load.ts'
import { memoryGet } from './memory-get.ts'
import { memoryPeek } from './memory-peek.ts'
import { patternCost } from './pattern-cost.ts'
import { propagation } from './propagation.ts'
import { redisHit } from './redis-hit.ts'
import { serverCost } from './server-cost.ts'

export const scenarios: readonly Scenario[] = [
  memoryGet,
  memoryPeek,
  redisHit,
  batchHit,
  load,
  batchLoad,
]

/** Scenarios that are no contests, run after them. */
export const studies: readonly Study[] = [serverCost, groupCost, patternCost, propagation]
