/**
 * Which keys a process reads most (SPEC F6): listens to reads, of memory hits to one in 64.
 * Reads of warmers and refreshes are not asked for by anybody, and do not count.
 *
 * Room is bounded by the sketch: a key that is not among its places takes the least read one's,
 * so no count is wrong by more than a thousandth of all reads.
 */
import { Popularity } from '../../base/popularity.ts'
import type { Clock } from '../../core/contracts/clock.ts'
import type { CacheEvent, Observer } from '../../core/outcome.ts'
import { systemClock } from '../../system.ts'
import type { DeclaredFamily } from '../process-facts.ts'
import type { UsedKey } from '../used-key.ts'

/** Of this many memory hits one is told: an event object each is too much for every hit. */
const hitsPerEvent = 64
/** Some 150 bytes each, and a key text of at most 1 KB: a quarter megabyte as a rule. */
export const usedKeysMax = 1_000
const halfLifeMs = 600_000

export interface KeyUsageOptions {
  /** By name; ids of sensitive ones are told to nobody. */
  readonly families: Readonly<Record<string, Pick<DeclaredFamily, 'template' | 'isSensitive'>>>
  readonly clock?: Pick<Clock, 'now'> | undefined
}

export class KeyUsage implements Observer {
  readonly hits: number = hitsPerEvent
  readonly #clock: Pick<Clock, 'now'>
  /** Items are the families of the keys. */
  readonly #reads = new Popularity<string>({ entriesMax: usedKeysMax, halfLifeMs })
  /** By family: what stands for all keys of a sensitive one. */
  readonly #masks: ReadonlyMap<string, string>

  constructor({ families, clock = systemClock }: KeyUsageOptions) {
    this.#clock = clock
    const sensitive = Object.entries(families).filter(([, { isSensitive }]) => isSensitive)
    this.#masks = new Map(sensitive.map(([name, { template }]) => [name, maskOf(template)]))
  }

  /** Keys that are counted, at most `usedKeysMax`. */
  get size(): number {
    return this.#reads.size
  }

  notify(event: CacheEvent): void {
    if (event.kind !== 'read' || event.priority !== 'read') return
    const { family, weight } = event
    const key = this.#masks.get(family) ?? event.key
    this.#reads.add({ key, count: weight, make: () => family }, this.#clock.now())
  }

  /** The most read first. */
  top(count: number): readonly UsedKey[] {
    const nowMs = this.#clock.now()
    const total = this.#reads.total(nowMs)
    const ranked = this.#reads.ranked(nowMs).slice(0, count)
    return ranked.map(({ key, item: family, count: least, error }) => {
      const reads = Math.ceil(least + error)
      const share = Math.min(1, (least + error) / total)
      return { family, key, reads, error: reads - Math.floor(least), share }
    })
  }
}

function maskOf(template: string): string {
  return template.replaceAll(/\{[^}]*\}/g, '*')
}
