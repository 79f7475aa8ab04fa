/** What happens to both worlds without anybody asking for it. */
import type { Done } from './calls.test-support.ts'
import { KEYS } from './embedded-view.test-support.ts'
import type { Random } from './random.test-support.ts'
import { type SlotTexts, TAGS } from './slot-texts.test-support.ts'
import { type Pair, UNIT_MS, type World } from './world.test-support.ts'

type Event = Omit<Done, 'what'>

/** Slightly more than a unit, so that nothing expires exactly now. */
export const STEP_MS = UNIT_MS + 1
/** Eight days: long enough for the record to forget tags. */
const LONG_MS = 6_912 * UNIT_MS

export class Events {
  readonly #world: World
  readonly #random: Random
  readonly #texts: SlotTexts

  constructor(world: World, random: Random, texts: SlotTexts) {
    this.#world = world
    this.#random = random
    this.#texts = texts
  }

  /** Of a thousand of all kinds, so many. */
  readonly kinds: readonly [string, number, () => Event][] = [
    ['put', 90, () => this.#put()],
    ['advance', 40, () => this.#advance()],
    ['evict', 10, () => this.#told('', this.#world.evict(this.#random.pick(KEYS)))],
    ['lose record', 8, () => this.#loseRecord()],
    ['damage record', 6, () => this.#damageRecord()],
    ['restart', 3, () => this.#told('', this.#world.restart())],
    ['flush', 2, () => this.#told('', this.#world.flush())],
  ]

  #advance(): Event {
    const byMs = this.#random.chance(1) ? LONG_MS : STEP_MS * (1 + this.#random.below(2))
    return this.#told(byMs, this.#world.advance(byMs))
  }

  #loseRecord(): Event {
    const how = this.#random.pick(['absent', 'foreign'] as const)
    return this.#told(how, this.#world.loseRecord(how))
  }

  #damageRecord(): Event {
    const field = this.#random.pick(['#e', '#c', '#f', '#s', '#w', '#l', ...TAGS])
    const text = this.#random.pick([undefined, 'x', '12'])
    // Redis tells a number from a text that HINCRBY refuses; both are numbers to us.
    return this.#told([field, text], this.#world.damageRecord(field, text))
  }

  #put(): Event {
    const key = this.#random.pick(KEYS)
    const text = this.#random.chance(4) ? undefined : this.#texts.damaged(this.#texts.slot())
    const lifeMs = UNIT_MS * (1 + this.#random.below(6))
    return this.#told([key, text, lifeMs], this.#world.put(key, text, lifeMs))
  }

  #told(told: unknown, pair: Pair): Event {
    return { told, ...pair }
  }
}
