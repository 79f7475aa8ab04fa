/** What all live processes have counted of a family since they were started. */
import { hitsOf, type ProcessFacts } from '../../../observe/index.ts'

export interface FamilyTotals {
  /** Answered from memory, Redis, a shared load, or stale. */
  readonly hits: number
  readonly misses: number
  /** Values that were put into the cache: loaded, or set. */
  readonly writes: number
  /** Those of them that were set. */
  readonly sets: number
  readonly invalidations: number
  readonly hitTarget: number | undefined
  readonly ttlMs: number | undefined
}

export function familyTotals(
  processes: readonly ProcessFacts[],
): ReadonlyMap<string, FamilyTotals> {
  const totals = new Map<string, FamilyTotals>()
  for (const { stats, families } of processes) {
    for (const [name, { reads, loads, loadErrors, sets, invalidations }] of Object.entries(
      stats.families,
    )) {
      const before = totals.get(name)
      const declared = families[name]
      totals.set(name, {
        hits: hitsOf(reads) + (before?.hits ?? 0),
        misses: reads.source + reads.none + (before?.misses ?? 0),
        writes: loads - loadErrors + sets + (before?.writes ?? 0),
        sets: sets + (before?.sets ?? 0),
        invalidations: invalidations + (before?.invalidations ?? 0),
        hitTarget: declared?.hitTarget ?? before?.hitTarget,
        ttlMs: declared?.ttlMs ?? before?.ttlMs,
      })
    }
  }
  return totals
}
