/** All scenarios, in the order in which they are run. */
import type { Scenario } from '../contestant.ts'
import { batchHit } from './batch-hit.ts'
import { batchLoad } from './batch-load.ts'
import { load } from './load.ts'
import { memoryGet } from './memory-get.ts'
import { memoryPeek } from './memory-peek.ts'
import { redisHit } from './redis-hit.ts'

export const scenarios: readonly Scenario[] = [
  memoryGet,
  memoryPeek,
  redisHit,
  batchHit,
  load,
  batchLoad,
]
