/** What a cache counts: plain numbers, added to on the hit path and read by `stats`. */
import type { Journal } from '../coherence/index.ts'
import type { Outcome, StoreResult } from '../core/outcome.ts'
import type { DeliveryStats, FamilyStats } from '../core/stats.ts'

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
  warmed = 0
  loads = 0
  loadErrors = 0
  sets = 0
  invalidations = 0
  staleReads = 0

  countStore(result: StoreResult): void {
    this.stores[result] = (this.stores[result] ?? 0) + 1
  }

  snapshot(): FamilyStats {
    const { warmed, loads, loadErrors, sets, invalidations } = this
    const [reads, stores] = [{ ...this.reads }, { ...this.stores }]
    return { reads, warmed, loads, loadErrors, stores, sets, invalidations }
  }
}

/** What became of invalidations that were not executed, or not safely, when asked for. */
export class DeliveryCounters {
  retry = 0
  replay = 0
  notReplicated = 0
  /** Lines on disk now. */
  spooled = 0

  snapshot(journal: Journal, wallMs: number): DeliveryStats {
    const { retry: late, replay: replayed, notReplicated, spooled } = this
    const { size: pending, oldestMs, overflows } = journal
    const oldestAgeMs = oldestMs === undefined ? undefined : Math.max(0, wallMs - oldestMs)
    return { pending, oldestAgeMs, late, replayed, overflows, spooled, notReplicated }
  }
}
