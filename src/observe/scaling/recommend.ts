/** What processes and history say should be larger or smaller (SPEC F7). */
import type { ProcessFacts } from '../process-facts.ts'
import { memoryAdvice } from './memory-advice.ts'
import type { Recommendation } from './recommendation.ts'
import { type MemorySample, redisAdvice } from './redis-advice.ts'
import { replicaAdvice } from './replica-advice.ts'

export interface ScalingFacts {
  /** The live ones. */
  readonly processes: readonly ProcessFacts[]
  /** Of the last day, the oldest first. */
  readonly history: readonly MemorySample[]
  /** Milliseconds since 1970. */
  readonly nowMs: number
}

export function recommend({ processes, history, nowMs }: ScalingFacts): readonly Recommendation[] {
  const redis = redisAdvice(history, nowMs)
  const services = [...byService(processes)].flatMap(([service, own]) => {
    return [memoryAdvice(service, own), replicaAdvice(service, own)]
  })
  return [redis, ...services].filter((advice) => advice !== undefined)
}

/** In the order of names. */
export function byService(
  processes: readonly ProcessFacts[],
): ReadonlyMap<string, readonly ProcessFacts[]> {
  const names = [...new Set(processes.map(({ service }) => service))].sort()
  return new Map(names.map((name) => [name, processes.filter(({ service }) => service === name)]))
}
