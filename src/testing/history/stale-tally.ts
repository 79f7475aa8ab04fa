/** Counts answers that were older than a resolved invalidation, by the tier that gave them. */
import { Histogram } from '../../base/histogram.ts'
import { type ReadTier, readTiers } from './record.ts'
import type { StaleServes } from './verdict.ts'

interface Tally {
  within: number
  beyond: number
  readonly ages: Histogram
}

export class StaleTally {
  readonly #tallies = new Map<ReadTier, Tally>()

  add(tier: ReadTier, ageMs: number, boundMs: number): void {
    const tally = this.#tallies.get(tier) ?? { within: 0, beyond: 0, ages: new Histogram() }
    this.#tallies.set(tier, tally)
    if (ageMs > boundMs) tally.beyond++
    else tally.within++
    tally.ages.add(ageMs)
  }

  /** Of the tiers that gave any. */
  serves(): readonly StaleServes[] {
    return readTiers.flatMap((tier) => {
      const tally = this.#tallies.get(tier)
      if (tally === undefined) return []
      const { within, beyond, ages } = tally
      const [p50Ms, p99Ms] = [ages.percentile(0.5), ages.percentile(0.99)]
      return [{ tier, within, beyond, p50Ms, p99Ms, maxMs: ages.max }]
    })
  }
}
