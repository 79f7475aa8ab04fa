/** Drops what this process holds of all keys that a pattern matches, and dooms their loads. */
import type { Flights } from '../coherence/index.ts'
import { matchesGlob } from '../core/glob.ts'
import { familyTag } from '../core/tag.ts'
import type { FamilyRuntime } from './family-runtime.ts'

export class PatternEvictor {
  readonly #flights: Flights
  readonly #families: readonly FamilyRuntime[]

  constructor(flights: Flights, families: readonly FamilyRuntime[]) {
    this.#flights = flights
    this.#families = families
  }

  /**
   * Families that a pattern may match and of which the source may lag: what it returns for
   * a key that had no slot to quarantine is covered by the clock of the family alone.
   */
  settlingTags(pattern: string): readonly string[] {
    return this.#families
      .filter(({ rules, template }) => rules.settleMs > 0 && mayMatch(pattern, template.head))
      .map(({ name }) => familyTag(name))
  }

  evict(pattern: string): void {
    this.#flights.doomMatching((key) => matchesGlob(pattern, key))
    for (const family of this.#families) {
      if (!mayMatch(pattern, family.template.head)) continue
      for (const id of family.region.ids()) {
        if (matchesGlob(pattern, family.keyOf(id))) family.region.drop(id)
      }
    }
  }
}

/** Could a key that opens with `head` match? Both agree as far as neither is open. */
function mayMatch(pattern: string, head: string): boolean {
  const open = pattern.search(/[*?]/)
  const start = open < 0 ? pattern : pattern.slice(0, open)
  return start.startsWith(head) || head.startsWith(start)
}
