/**
 * Random calls on both stores, and random events of the world. Few keys, tokens, orders and
 * tags, so that they collide; what a call needs to succeed is often taken from the slot.
 */
import type { BarrierAsk, Fill, Store } from '../../core/contracts/store.ts'
import { formatOrder, formatTail, parseHead, parseSlot } from '../../core/slot.ts'
import { BUCKETS, KEYS, LOCKS, PROCESS } from './embedded-view.test-support.ts'
import { Events, STEP_MS } from './events.test-support.ts'
import type { Random } from './random.test-support.ts'
import { ORDERS, SlotTexts, TAGS } from './slot-texts.test-support.ts'
import { type Pair, UNIT_MS, type World } from './world.test-support.ts'

/** What was done, for the report, and what came of it. */
export interface Done extends Pair {
  readonly what: string
  readonly told: unknown
}

const NOTE = { origin: 'api', reason: 'a|b%\n' }
/** Of quarantines; also those that `SlotTexts` puts there. */
const WRITERS = ['w0', 'w1', 'w2', 'settle'] as const
const PATTERNS = ['*:*', 'b:?', '?', 'c%2?', 'a*a', 'none*'] as const

export class Calls {
  readonly #world: World
  readonly #random: Random
  /** Calls of the stores so far, without events of the world. */
  scriptCalls = 0
  readonly #texts: SlotTexts
  readonly #events: Events
  #grantedMs = 0

  constructor(world: World, random: Random) {
    this.#world = world
    this.#random = random
    this.#texts = new SlotTexts(world, random)
    this.#events = new Events(world, random, this.#texts)
  }

  next(): Done {
    const roll = this.#random.below(1000)
    let bound = 0
    for (const [what, weight, make] of [...this.#kinds, ...this.#events.kinds]) {
      bound += weight
      if (roll < bound) return { what, ...make() }
    }
    return { what: 'lease', ...this.#lease() }
  }

  readonly #kinds: readonly [string, number, () => Omit<Done, 'what'>][] = [
    ['fill', 120, () => this.#fill('fill')],
    ['replace', 60, () => this.#fill('replace')],
    ['set', 90, () => this.#set()],
    ['invalidate', 140, () => this.#invalidate()],
    ['place', 60, () => this.#place()],
    ['raise', 40, () => this.#raise()],
    ['pattern', 10, () => this.#tellPattern()],
    ['active', 10, () => this.#tellActive()],
    ['acknowledge', 10, () => this.#acknowledge()],
    ['scan', 10, () => this.#scan()],
    ['lock', 40, () => this.#lock()],
    ['unlock', 20, () => this.#unlock()],
    ['take', 30, () => this.#take()],
    ['renew', 30, () => this.#held('renew')],
    ['release', 30, () => this.#held('release')],
    ['beat', 30, () => this.#beat()],
    ['read', 30, () => this.#read()],
  ]

  #call(told: unknown, ask: (store: Store) => Promise<unknown>): Omit<Done, 'what'> {
    this.scriptCalls += 1
    return { told, ...this.#world.call(ask) }
  }

  #lease(): Omit<Done, 'what'> {
    const asks = this.#keys().map((key) => ({
      key,
      token: this.#texts.fresh('t'),
      schema: this.#texts.schema(),
      voidFid: this.#random.chance(10) ? this.#tokenIn(key) : undefined,
    }))
    const leaseMs = UNIT_MS * (1 + this.#random.below(3))
    const request = {
      stamp: this.#texts.stamp(),
      newEpoch: this.#texts.fresh('e', 8),
      leaseMs,
      asks,
    }
    const done = this.#call(request, (store) => store.lease(0, request))
    this.#learn()
    return done
  }

  #fill(which: 'fill' | 'replace'): Omit<Done, 'what'> {
    let alike = this.#manner()
    const fills = this.#keys().map((key): Fill => {
      // Neighbours often have as much in common as values that were loaded together.
      if (this.#random.chance(50)) alike = this.#manner()
      const lifeMs = UNIT_MS * (1 + this.#random.below(4))
      const expected = this.#random.chance(85) ? this.#tokenIn(key) : 'other'
      return { ...alike, key, expected, lifeMs, text: this.#texts.value(alike) }
    })
    const grant = {
      stamp: this.#texts.stamp(),
      epoch: this.#texts.epoch(),
      clock: this.#texts.clock,
    }
    const request = { ...grant, fills }
    return this.#call(request, (store) => store[which](0, request))
  }

  #manner(): Pick<Fill, 'order' | 'tags' | 'bornMs' | 'elapsedMs'> {
    return {
      order: this.#random.pick(ORDERS),
      tags: this.#random.some(TAGS, 3),
      bornMs: this.#grantedMs - (this.#random.chance(10) ? STEP_MS : 0),
      elapsedMs: this.#random.pick([0, 0, 0.5, UNIT_MS, 2 * UNIT_MS + 0.25]),
    }
  }

  #set(): Omit<Done, 'what'> {
    const key = this.#random.pick(KEYS)
    const tags = this.#random.some(TAGS, 2)
    const lifeMs = UNIT_MS * (1 + this.#random.below(3))
    const meta = { loadMs: 0, codec: 'j', absent: false, tags }
    const request = {
      ...NOTE,
      stamp: this.#texts.stamp(),
      newEpoch: this.#texts.fresh('e', 8),
      key,
      fid: this.#random.chance(30) ? this.#tokenIn(key) : this.#texts.fresh('s'),
      order: this.#random.pick(ORDERS) || formatOrder(5),
      schema: this.#texts.schema(),
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
      tokens: this.#random.chance(40) ? this.#random.some(WRITERS, 2) : [],
      settle: this.#random.chance(20) ? this.#settle() : undefined,
    }))
    const request = { ...NOTE, asks, barrier: this.#barrier() }
    return this.#call(request, (store) => store.invalidate(0, request))
  }

  #settle() {
    const ms = UNIT_MS * (1 + this.#random.below(3))
    return { token: this.#random.pick(WRITERS), ms }
  }

  #barrier(): BarrierAsk | undefined {
    if (!this.#random.chance(40)) return undefined
    return { id: this.#texts.fresh('b'), process: this.#random.pick([PROCESS, 'p2']) }
  }

  #place(): Omit<Done, 'what'> {
    const asks = this.#keys().map((key) => ({ key, token: this.#random.pick(WRITERS) }))
    const quarantineMs = UNIT_MS * (1 + this.#random.below(3))
    const request = { ...NOTE, stamp: this.#texts.stamp(), quarantineMs, asks }
    return this.#call(request, (store) => store.place(0, request))
  }

  #tellPattern(): Omit<Done, 'what'> {
    const pattern = this.#random.pick(PATTERNS)
    const request = { ...NOTE, pattern, barrier: this.#barrier() }
    return this.#call(request, (store) => store.tellPattern(0, request))
  }

  #tellActive(): Omit<Done, 'what'> {
    const request = { ...NOTE, keys: this.#keys() }
    return this.#call(request, (store) => store.tellActive(0, request))
  }

  #acknowledge(): Omit<Done, 'what'> {
    const process = this.#random.pick([PROCESS, 'p2'])
    const request = { barrier: { id: this.#texts.fresh('b'), process }, process: 'p3' }
    return this.#call(request, (store) => store.acknowledge(0, request))
  }

  #scan(): Omit<Done, 'what'> {
    const pattern = this.#random.pick(PATTERNS)
    return this.#call(pattern, async (store) => {
      const found: string[] = []
      for await (const batch of store.scan(pattern)) found.push(...batch)
      return found.sort()
    })
  }

  #lock(): Omit<Done, 'what'> {
    const [name, token] = [this.#random.pick(LOCKS), this.#random.pick(WRITERS)]
    const request = { name, token, ttlMs: UNIT_MS * (1 + this.#random.below(3)) }
    return this.#call(request, async (store) => {
      const reply = await store.lock(0, request)
      // Redis counts real time; the lives themselves are compared by the harness.
      return reply.kind === 'taken' ? { kind: reply.kind } : reply
    })
  }

  #unlock(): Omit<Done, 'what'> {
    const request = { name: this.#random.pick(LOCKS), token: this.#random.pick(WRITERS) }
    return this.#call(request, (store) => store.unlock(0, request))
  }

  #take(): Omit<Done, 'what'> {
    const asks = Array.from({ length: 1 + this.#random.below(3) }, () => ({
      name: this.#random.pick(BUCKETS),
      intervalMicros: UNIT_MS * 1_000,
      capacityMicros: UNIT_MS * 1_000 * (1 + this.#random.below(4)),
      waitMicros: this.#random.pick([0, 0, UNIT_MS * 500, UNIT_MS * 2_000]),
      count: 1 + this.#random.below(3),
    }))
    return this.#call(asks, (store) => store.take(0, asks))
  }

  #raise(): Omit<Done, 'what'> {
    const tags = this.#random.chance(20) ? [] : this.#random.some(TAGS, 2)
    const newEpoch = this.#texts.fresh('e', 8)
    const request = { ...NOTE, newEpoch, tags, barrier: this.#barrier() }
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
      process: this.#random.pick([PROCESS, 'p2']),
      nonce: this.#texts.fresh('n'),
      trustMs: this.#random.pick([1500, 900]),
      settings: this.#random.pick(['1|1|1500', '1|16|1500', '2|1|1500']),
      registryMs: UNIT_MS * this.#random.below(3),
      isFirst: this.#random.below(2) === 1,
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

  /** What the last lease has told. */
  #learn(): void {
    this.#texts.learn()
    this.#grantedMs = this.#world.nowMs
  }
}

/** Where a head is cut is nobody's concern, as long as it is behind the header. */
function withoutPayload(text: string | undefined): string | undefined {
  const slot = text === undefined ? undefined : parseHead(text)
  return slot?.kind === 'value' ? JSON.stringify({ ...slot, payload: '' }) : text?.slice(0, 500)
}
