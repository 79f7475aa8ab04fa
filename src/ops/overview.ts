/** The first page: all processes together, the server, and what is wrong. */
import type { DoctorReport } from '../doctor/index.ts'
import {
  breakersOf,
  type Fleet,
  healthOf,
  totalsOfAll,
  worstLag,
  worstLatency,
} from '../observe/index.ts'
import type { OverviewAnswer } from './answers.ts'
import type { RateWindow } from './rates.ts'
import { figuresOf, type ServerLook } from './server-figures.ts'

export interface OverviewFacts {
  readonly fleet: Fleet
  readonly rates: RateWindow
  readonly look: ServerLook | undefined
  readonly report: DoctorReport | undefined
}

export function overviewOf(facts: OverviewFacts): Omit<OverviewAnswer, 'schemaVersion' | 'atMs'> {
  const { fleet, rates, look, report } = facts
  const counts = report?.counts
  return {
    ...healthOf(fleet),
    services: new Set(fleet.map(({ service }) => service)).size,
    processes: fleet.length,
    totals: totalsOfAll(fleet),
    rates: rates.rates(),
    redisLatency: worstLatency(fleet.map(({ redisLatency }) => redisLatency)),
    server: look === undefined ? undefined : figuresOf(look),
    breakers: breakersOf(fleet).filter(({ state }) => state !== 'closed'),
    findings:
      counts === undefined
        ? undefined
        : { crit: counts.crit, warn: counts.warn, info: counts.info },
    lag: worstLag(fleet),
    staleReads: staleReadsOf(fleet),
    shadowReads: fleet.reduce((sum, { stats }) => sum + stats.coherence.shadowReads, 0),
  }
}

function staleReadsOf(fleet: Fleet): number {
  const counts = fleet.flatMap(({ stats }) => Object.values(stats.coherence.staleReads))
  return counts.reduce((sum, count) => sum + count, 0)
}
