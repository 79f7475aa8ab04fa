/** The use of a pool as every process publishes it. */
import type { ReporterParts } from 'staleproof/prometheus'
import type { PoolUse } from './pool.ts'

export function poolFacts(use: PoolUse): NonNullable<ReporterParts['database']> {
  const { size: max, used, idle, waiting, queries, waits } = use
  return {
    ...{ max, used, idle, waiting, queries, waits },
    queryP95Ms: use.queryMsP95,
    waitP95Ms: use.waitMsP95,
  }
}
