/** Random stamps, epochs, schemas and orders, and slots made of them: ours, damaged, foreign. */
import {
  formatFloor,
  formatLease,
  formatOrder,
  formatQuarantine,
  formatValue,
  type Meta,
} from '../../core/slot.ts'
import type { Random } from './random.test-support.ts'
import { UNIT_MS, type World } from './world.test-support.ts'

const SCHEMAS = ['sChEmA01', 'sChEmA02'] as const
export const TAGS = ['f.x', 'user%3A7', 'g'] as const
export const ORDERS = ['', '', ...[0, 4, 5, 6, 2n ** 63n - 1n].map(formatOrder)] as const

/** A payload may be binary: what no text in UTF-8 could say comes back as it was. */
export const EVERY_BYTE: string = Buffer.from(
  Array.from({ length: 256 }, (_, byte) => byte),
).toString('latin1')

export class SlotTexts {
  readonly #world: World
  readonly #random: Random
  #count = 0
  #epoch = 'none'
  #clock = 0

  constructor(world: World, random: Random) {
    this.#world = world
    this.#random = random
  }

  /** The clock of the partition, as the last lease told it. */
  get clock(): number {
    return this.#clock
  }

  /** What the last lease has told. */
  learn(): void {
    const record = this.#world.server.recordOf()
    this.#epoch = record.get('#e') ?? this.#epoch
    this.#clock = Number(record.get('#c')) || this.#clock
  }

  schema(): string {
    return this.#random.chance(90) ? SCHEMAS[0] : SCHEMAS[1]
  }

  stamp(): string {
    return this.#random.chance(93) ? (this.#world.connected?.stamp ?? '') : 'oThErOnE'
  }

  epoch(): string {
    return this.#random.chance(93) ? this.#epoch : 'oThErEpO'
  }

  /** Never given before. */
  fresh(kind: string, length = 16): string {
    this.#count += 1
    return `${kind}${this.#count}`.padEnd(length, '_')
  }

  /** Of any kind. */
  slot(): string {
    const stamp = this.stamp()
    const order = this.#random.pick(ORDERS)
    const deadline = () => this.#world.nowMs + UNIT_MS * (this.#random.below(4) - 1)
    switch (this.#random.below(5)) {
      case 0: {
        const names = this.#random.some(['w1', 'w2', 'w3'], 3)
        const writers = ['w0', ...names].map((token) => ({ token, deadlineMs: deadline() }))
        return formatQuarantine({ stamp, flagged: this.#random.chance(30), order, writers })
      }
      case 1:
        return formatFloor({ stamp, order: order || formatOrder(3) })
      case 2: {
        const identity = { stamp, epoch: this.epoch(), token: this.fresh('l') }
        const schema = this.schema()
        return formatLease({ ...identity, schema, minimum: order, deadlineMs: deadline() })
      }
      default:
        return this.value({ order, tags: this.#random.some(TAGS, 2) })
    }
  }

  value({ order, tags }: { order: string; tags: readonly string[] }): string {
    const { nowMs } = this.#world
    const meta: Meta = { loadMs: 7, codec: 'j', absent: this.#random.chance(10), tags }
    return formatValue({
      stamp: this.stamp(),
      epoch: this.epoch(),
      clock: Math.max(0, this.#clock + this.#random.pick([0, 0, 0, 0, -1, 1, -1e9, 1e9])),
      fid: this.fresh('f'),
      order,
      schema: this.schema(),
      bornMs: nowMs - this.#random.pick([0, 0, 0, 9_999, 10_000, 10_001, UNIT_MS, -1]),
      softMs: 5,
      lifeMs: this.#random.pick([UNIT_MS, 3 * UNIT_MS, 10_000, 10_002]),
      meta,
      payload: this.#random.chance(3) ? EVERY_BYTE.repeat(80) : `{"a":"${EVERY_BYTE}|b"}`,
    })
  }

  /** Mostly as it is. */
  damaged(text: string): string {
    if (!this.#random.chance(12)) return text
    const at = this.#random.below(Math.min(text.length, 120))
    switch (this.#random.below(4)) {
      case 0:
        return text.slice(0, at)
      case 1: {
        const other = this.#random.pick(['x', '|', ',', ';', ':', '0', '7', ''])
        return `${text.slice(0, at)}${other}${text.slice(at + 1)}`
      }
      case 2:
        return this.#random.pick(['', 'hello', 'V|2|x', 'Z|1|x', 'Z|9|', 'v|2|x', 'T|1|', 'Q|1||'])
      default:
        return `${text}|`
    }
  }
}
