/** What a family counts: plain numbers, added to on the hit path and read by `stats`. */
import type { Outcome, StoreResult } from '../core/outcome.ts'
import type { FamilyStats } from '../core/stats.ts'

export class FamilyCounters {
  readonly reads: Record<Outcome<unknown>['from'], number> = {
    memory: 0,
    redis: 0,
    source: 0,
    joined: 0,
    stale: 0,
    none: 0,
  }
  readonly stores: Partial<Record<StoreResult, number>> = {}
  loads = 0
  loadErrors = 0
  sets = 0
  invalidations = 0

  countStore(result: StoreResult): void {
    this.stores[result] = (this.stores[result] ?? 0) + 1
  }

  snapshot(): FamilyStats {
    const { loads, loadErrors, sets, invalidations } = this
    const [reads, stores] = [{ ...this.reads }, { ...this.stores }]
    return { reads, loads, loadErrors, stores, sets, invalidations }
  }
}
