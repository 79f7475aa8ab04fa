/**
 * How broad the invalidations are that a process asks for: how many keys each names, and those
 * that drop a whole family for the sake of one subject.
 */
import { Histogram } from '../../base/histogram.ts'
import type { DeclaredFamily } from '../../core/about.ts'
import { matchesGlob } from '../../core/glob.ts'
import type { CacheEvent, InvalidateEvent, Observer } from '../../core/outcome.ts'
import { type FamilyOfKey, familyOfKeys, widestScope } from '../metrics/invalidation-scope.ts'

export interface BreadthCounts {
  /** Invalidations that named keys and nothing wider. */
  readonly calls: number
  readonly keysP95: number
  readonly keysMax: number
  /** Invalidations of a whole family, or of everything, that name one subject. */
  readonly wholesale: number
  /** What the last of them named. */
  readonly lastWholesale: string | undefined
}

type Families = Readonly<Record<string, DeclaredFamily>>

export class BreadthMeter implements Observer {
  readonly #familyOf: FamilyOfKey
  /** A key of each family that only a pattern of the whole family matches. */
  readonly #probes: readonly string[]
  readonly #keys = new Histogram()
  #wholesale = 0
  #lastWholesale: string | undefined

  constructor(families: Families) {
    this.#familyOf = familyOfKeys(families)
    // No key has a star, and a pattern that names an id does not match one.
    this.#probes = Object.values(families).map(({ template }) =>
      template.replaceAll(/\{[^}]*\}/g, '**'),
    )
  }

  notify(event: CacheEvent): void {
    if (event.kind !== 'invalidate' || event.via !== 'call') return
    const scope = widestScope(event, this.#familyOf)
    if (scope === 'key' && event.keys.length > 0) this.#keys.add(event.keys.length)
    const name = event.subject === undefined ? undefined : this.#wholeFamilyIn(event)
    if (name === undefined) return
    this.#wholesale++
    this.#lastWholesale = name
  }

  counts(): BreadthCounts {
    return {
      calls: this.#keys.count,
      keysP95: Math.round(this.#keys.percentile(0.95)),
      keysMax: this.#keys.max,
      wholesale: this.#wholesale,
      lastWholesale: this.#lastWholesale,
    }
  }

  #wholeFamilyIn({ keys }: InvalidateEvent): string | undefined {
    return keys.find((name) => {
      const scope = widestScope({ keys: [name], tags: [] }, this.#familyOf)
      if (scope !== 'pattern') return scope !== 'key'
      return this.#probes.some((probe) => matchesGlob(name, probe))
    })
  }
}
