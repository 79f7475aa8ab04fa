/** What the facts of all processes say together: pure. */
import type { Health } from '../../core/stats.ts'
import type { Latency, ProcessFacts } from '../process-facts.ts'
import { type FamilyTotals, sumOf, totalsOfProcess } from './totals.ts'

export type Fleet = readonly ProcessFacts[]

const worseFirst: readonly Health['state'][] = ['down-to-source', 'degraded', 'ok']

export interface BreakerFacts {
  readonly service: string
  readonly process: string
  readonly name: string
  readonly state: 'closed' | 'open' | 'halfOpen'
  readonly failures: number
  readonly rejected: number
  readonly p99Ms: number
}

/** The state of the worst, and all reasons with the services that have them. */
export function healthOf(fleet: Fleet): { status: Health['state']; reasons: string[] } {
  const states = fleet.map(({ health }) => health.state)
  const status = worseFirst.find((state) => states.includes(state)) ?? 'ok'
  const reasons = fleet.flatMap(({ service, health }) =>
    health.reasons.map((reason) => `${service}: ${reason}`),
  )
  return { status, reasons: [...new Set(reasons)] }
}

/** By process. */
export function totalsByProcess(fleet: Fleet): ReadonlyMap<string, FamilyTotals> {
  return new Map(fleet.map(({ process, stats }) => [process, totalsOfProcess(stats)]))
}

export function totalsOfAll(fleet: Fleet): FamilyTotals {
  return sumOf(totalsByProcess(fleet).values())
}

/** Percentiles don't add up: those of the worst process stand for all. */
export function worstLatency(latencies: readonly Latency[]): Latency {
  const worst = (of: (latency: Latency) => number) => Math.max(0, ...latencies.map(of))
  return {
    count: latencies.reduce((sum, { count }) => sum + count, 0),
    p50Ms: worst(({ p50Ms }) => p50Ms),
    p95Ms: worst(({ p95Ms }) => p95Ms),
    p99Ms: worst(({ p99Ms }) => p99Ms),
    maxMs: worst(({ maxMs }) => maxMs),
  }
}

export function worstLag(fleet: Fleet): Omit<Latency, 'p95Ms'> {
  const lags = fleet.map(({ stats }) => ({ ...stats.coherence.lag, p95Ms: 0 }))
  const { p95Ms: _unknown, ...lag } = worstLatency(lags)
  return lag
}

export function breakersOf(fleet: Fleet): BreakerFacts[] {
  return fleet.flatMap(({ service, process, stats }) =>
    Object.entries(stats.breakers).map(([name, breaker]) => ({
      service,
      process,
      name,
      state: breaker.state,
      failures: breaker.failures,
      rejected: breaker.rejected,
      p99Ms: breaker.latency.p99Ms,
    })),
  )
}
