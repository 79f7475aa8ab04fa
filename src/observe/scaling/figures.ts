/**
 * Recommendations as numbers that are always there, for gauges and an autoscaler: what is right
 * is advised as it is.
 */
import { byService, recommend, type ScalingFacts } from './recommend.ts'
import { memoryForecast } from './redis-advice.ts'

export interface ScalingFigures {
  /** By name. */
  readonly services: Readonly<Record<string, ServiceFigures>>
  /** Undefined: nothing is known of the server. */
  readonly redisMemoryAdvisedBytes: number | undefined
  /** Until 90 % of `maxmemory`; undefined: it does not grow, or nothing can be said. */
  readonly redisMemoryFullMs: number | undefined
}

export interface ServiceFigures {
  /** Live processes. */
  readonly replicas: number
  readonly replicasAdvised: number
  /** Of the memory of each process. */
  readonly memoryAdvisedBytes: number
}

export function scalingFigures(facts: ScalingFacts): ScalingFigures {
  const { processes, history, nowMs } = facts
  const recommendations = recommend(facts)
  const services = [...byService(processes)].map(([service, own]) => {
    const advice = recommendations.filter((each) => each.service === service)
    const advised = (subject: string) => advice.find((each) => each.subject === subject)?.advised
    const memoryMax = Math.max(...own.map(({ stats }) => stats.memory.bytesMax))
    const figures: ServiceFigures = {
      replicas: own.length,
      replicasAdvised: advised('replicas') ?? own.length,
      memoryAdvisedBytes: advised('l1') ?? memoryMax,
    }
    return [service, figures] as const
  })
  const redis = recommendations.find(({ subject }) => subject === 'redisMemory')
  return {
    services: Object.fromEntries(services),
    redisMemoryAdvisedBytes: redis?.advised ?? (history.at(-1)?.maxBytes || undefined),
    redisMemoryFullMs: memoryForecast(history, nowMs)?.msToLimit,
  }
}
