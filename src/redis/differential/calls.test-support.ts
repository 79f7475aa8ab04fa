/**
 * Random calls on both stores, and random events of the world. Few keys, tokens, orders and
 * tags, so that they collide; what a call needs to succeed is often taken from the slot.
 */
import type { Fill, Store } from '../../core/contracts/store.ts'
import {
  formatFloor,
  formatLease,
  formatOrder,
  formatQuarantine,
  formatTail,
  formatValue,
  type Meta,
  parseHead,
  parseSlot,
} from '../../core/slot.ts'
import type { Random } from './random.test-support.ts'
import { KEYS, type Pair, PROCESS, UNIT_MS, type World } from './world.test-support.ts'

/** What was done, for the report, and what came of it. */
export interface Done extends Pair {
  readonly what: string
  readonly told: unknown
}

const SCHEMAS = ['sChEmA01', 'sChEmA02'] as const
const TAGS = ['f.x', 'user%3A7', 'g'] as const
const ORDERS = ['', '', ...[0, 4, 5, 6, 2n ** 63n - 1n].map(formatOrder)] as const
const NOTE = { origin: 'api', reason: 'a|b%\n' }
/** Slightly more than a unit, so that nothing expires exactly now. */
const STEP_MS = UNIT_MS + 1

export class Calls {
  readonly #world: World
  readonly #random: Random
  /** Calls of the stores so far, without events of the world. */
  scriptCalls = 0
  #count = 0
  #epoch = 'none'
  #clock = 0
  #grantedMs = 0

  constructor(world: World, random: Random) {
    this.#world = world
    this.#random = random
  }

  next(): Done {
    const roll = this.#random.below(1000)
    let bound = 0
    for (const [what, weight, make] of this.#kinds) {
      bound += weight
      if (roll < bound) return { what, ...make() }
    }
    return { what: 'lease', ...this.#lease() }
  }

  readonly #kinds: readonly [string, number, () => Omit<Done, 'what'>][] = [
    ['put', 130, () => this.#put()],
    ['fill', 140, () => this.#fill('fill')],
    ['replace', 70, () => this.#fill('replace')],
    ['set', 110, () => this.#set()],
    ['invalidate', 120, () => this.#invalidate()],
    ['raise', 40, () => this.#raise()],
    ['renew', 40, () => this.#held('renew')],
    ['release', 40, () => this.#held('release')],
    ['beat', 20, () => this.#beat()],
    ['read', 40, () => this.#read()],
    ['advance', 40, () => this.#advance()],
    ['evict', 10, () => this.#told('', this.#world.evict(this.#random.pick(KEYS)))],
    ['lose record', 8, () => this.#loseRecord()],
    ['damage record', 6, () => this.#damageRecord()],
    ['restart', 3, () => this.#told('', this.#world.restart())],
    ['flush', 2, () => this.#told('', this.#world.flush())],
  ]

  #call(told: unknown, ask: (store: Store) => Promise<unknown>): Omit<Done, 'what'> {
    this.scriptCalls += 1
    return { told, ...this.#world.call(ask) }
  }

  #lease(): Omit<Done, 'what'> {
    const asks = this.#keys().map((key) => ({
      key,
      token: this.#fresh('t'),
      schema: this.#schema(),
      voidFid: this.#random.chance(10) ? this.#tokenIn(key) : undefined,
    }))
    const leaseMs = UNIT_MS * (1 + this.#random.below(3))
    const request = { stamp: this.#stamp(), newEpoch: this.#fresh('e', 8), leaseMs, asks }
    const done = this.#call(request, (store) => store.lease(0, request))
    this.#learn()
    return done
  }

  #fill(which: 'fill' | 'replace'): Omit<Done, 'what'> {
    const fills = this.#keys().map((key): Fill => {
      const order = this.#random.pick(ORDERS)
      const tags = this.#random.some(TAGS, 3)
      const lifeMs = UNIT_MS * (1 + this.#random.below(4))
      const bornMs = this.#grantedMs - (this.#random.chance(10) ? STEP_MS : 0)
      const elapsedMs = this.#random.pick([0, 0, 0.5, UNIT_MS, 2 * UNIT_MS + 0.25])
      const expected = this.#random.chance(85) ? this.#tokenIn(key) : 'other'
      const text = this.#value({ order, tags })
      return { key, expected, order, tags, lifeMs, bornMs, elapsedMs, text }
    })
    const grant = { stamp: this.#stamp(), epoch: this.#someEpoch(), clock: this.#clock }
    const request = { ...grant, fills }
    return this.#call(request, (store) => store[which](0, request))
  }

  #set(): Omit<Done, 'what'> {
    const key = this.#random.pick(KEYS)
    const tags = this.#random.some(TAGS, 2)
    const lifeMs = UNIT_MS * (1 + this.#random.below(3))
    const meta = { loadMs: 0, codec: 'j', absent: false, tags }
    const request = {
      ...NOTE,
      stamp: this.#stamp(),
      newEpoch: this.#fresh('e', 8),
      key,
      fid: this.#random.chance(30) ? this.#tokenIn(key) : this.#fresh('s'),
      order: this.#random.pick(ORDERS) || formatOrder(5),
      schema: this.#schema(),
      tags,
      lifeMs,
      tail: formatTail({ softMs: 1, lifeMs, meta, payload: '"set|"' }),
      mayFillEmpty: this.#random.chance(40),
    }
    return this.#call(request, (store) => store.set(0, request))
  }

  #invalidate(): Omit<Done, 'what'> {
    const keys = this.#keys()
    const asks = keys.map((key) => ({
      key,
      order: this.#random.chance(40) ? this.#random.pick(ORDERS) : '',
      keepsOrder: this.#random.chance(20),
      floorMs: UNIT_MS * (1 + this.#random.below(4)),
    }))
    const request = { ...NOTE, asks }
    return this.#call(request, (store) => store.invalidate(0, request))
  }

  #raise(): Omit<Done, 'what'> {
    const tags = this.#random.chance(20) ? [] : this.#random.some(TAGS, 2)
    const request = { ...NOTE, newEpoch: this.#fresh('e', 8), tags }
    return this.#call(request, (store) => store.raise(0, request))
  }

  #held(which: 'renew' | 'release'): Omit<Done, 'what'> {
    const held = this.#keys().map((key) => ({ key, token: this.#tokenIn(key) }))
    const leaseMs = UNIT_MS * (1 + this.#random.below(3))
    return this.#call(held, (store) => {
      return which === 'renew' ? store.renew(0, held, leaseMs) : store.release(0, held)
    })
  }

  #beat(): Omit<Done, 'what'> {
    const request = {
      process: PROCESS,
      nonce: this.#fresh('n'),
      trustMs: this.#random.pick([1500, 900]),
      settings: this.#random.pick(['1|1|1500', '1|16|1500', '2|1|1500']),
      registryMs: UNIT_MS * this.#random.below(3),
    }
    return this.#call(request, async (store) => {
      const { runId: _, stamp: __, ...reply } = await store.beat(0, request)
      return reply
    })
  }

  #read(): Omit<Done, 'what'> {
    const some = () => this.#random.some(KEYS, 3)
    const query = { keys: some(), heads: some(), tags: this.#random.some(TAGS, 3) }
    return this.#call(query, async (store) => {
      const reply = await store.read(0, query)
      return { ...reply, heads: reply.heads.map(withoutPayload) }
    })
  }

  #advance(): Omit<Done, 'what'> {
    const byMs = STEP_MS * (1 + this.#random.below(2))
    return this.#told(byMs, this.#world.advance(byMs))
  }

  #loseRecord(): Omit<Done, 'what'> {
    const how = this.#random.pick(['absent', 'foreign'] as const)
    return this.#told(how, this.#world.loseRecord(how))
  }

  #damageRecord(): Omit<Done, 'what'> {
    const field = this.#random.pick(['#e', '#c', '#f', '#s', '#w', ...TAGS])
    const text = this.#random.pick([undefined, 'x', '12'])
    // Redis tells a number from a text that HINCRBY refuses; both are numbers to us.
    return this.#told([field, text], this.#world.damageRecord(field, text))
  }

  #put(): Omit<Done, 'what'> {
    const key = this.#random.pick(KEYS)
    const text = this.#random.chance(4) ? undefined : this.#damaged(this.#slot())
    const lifeMs = UNIT_MS * (1 + this.#random.below(6))
    return this.#told([key, text, lifeMs], this.#world.put(key, text, lifeMs))
  }

  #slot(): string {
    const stamp = this.#stamp()
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
        const identity = { stamp, epoch: this.#someEpoch(), token: this.#fresh('l') }
        const schema = this.#schema()
        return formatLease({ ...identity, schema, minimum: order, deadlineMs: deadline() })
      }
      default:
        return this.#value({ order, tags: this.#random.some(TAGS, 2) })
    }
  }

  #value({ order, tags }: { order: string; tags: readonly string[] }): string {
    const { nowMs } = this.#world
    const meta: Meta = { loadMs: 7, codec: 'j', absent: this.#random.chance(10), tags }
    return formatValue({
      stamp: this.#stamp(),
      epoch: this.#someEpoch(),
      clock: Math.max(0, this.#clock + this.#random.pick([0, 0, 0, 0, -1, 1, -1e9, 1e9])),
      fid: this.#fresh('f'),
      order,
      schema: this.#schema(),
      bornMs: nowMs - this.#random.pick([0, 0, 0, 9_999, 10_000, 10_001, UNIT_MS, -1]),
      softMs: 5,
      lifeMs: this.#random.pick([UNIT_MS, 3 * UNIT_MS, 10_000, 10_002]),
      meta,
      payload: this.#random.chance(3) ? 'é'.repeat(20_000) : '{"a":"é|b"}',
    })
  }

  /** Mostly as it is. */
  #damaged(text: string): string {
    if (!this.#random.chance(12)) return text
    const at = this.#random.below(Math.min(text.length, 120))
    switch (this.#random.below(4)) {
      case 0:
        return text.slice(0, at)
      case 1:
        return `${text.slice(0, at)}${this.#random.pick(['x', '|', ',', ';', ':', '0', '7', '']) ?? ''}${text.slice(at + 1)}`
      case 2:
        return this.#random.pick(['', 'hello', 'V|2|x', 'Z|1|x', 'Z|9|', 'v|2|x', 'T|1|', 'Q|1||'])
      default:
        return `${text}|`
    }
  }

  #keys(): string[] {
    const keys: string[] = [this.#random.pick(KEYS)]
    while (this.#random.chance(30) && keys.length < 4) keys.push(this.#random.pick(KEYS))
    return keys
  }

  /** Token or fid of what is in the slot. */
  #tokenIn(key: string): string {
    const slot = parseSlot(this.#world.server.text(key) ?? '')
    if (slot?.kind === 'value') return slot.fid
    return slot?.kind === 'lease' ? slot.token : 'none'
  }

  #schema(): string {
    return this.#random.chance(90) ? SCHEMAS[0] : SCHEMAS[1]
  }

  #stamp(): string {
    return this.#random.chance(93) ? (this.#world.connected?.stamp ?? '') : 'oThErOnE'
  }

  #someEpoch(): string {
    return this.#random.chance(93) ? this.#epoch : 'oThErEpO'
  }

  #fresh(kind: string, length = 16): string {
    this.#count += 1
    return `${kind}${this.#count}`.padEnd(length, '_')
  }

  /** What the last lease has told. */
  #learn(): void {
    const record = this.#world.server.recordOf()
    this.#epoch = record.get('#e') ?? this.#epoch
    this.#clock = Number(record.get('#c')) || this.#clock
    this.#grantedMs = this.#world.nowMs
  }

  #told(told: unknown, pair: Pair): Omit<Done, 'what'> {
    return { told, ...pair }
  }
}

/** Where the payload of a head is cut is nobody's concern. */
function withoutPayload(text: string | undefined): string | undefined {
  const slot = text === undefined ? undefined : parseHead(text)
  return slot?.kind === 'value' ? JSON.stringify({ ...slot, payload: '' }) : text
}
