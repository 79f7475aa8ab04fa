/** What the tests of the suite work with: an opened store, and short names for its calls. */
import type { Remote } from '../../core/contracts/remote.ts'
import type {
  BarrierAsk,
  Fill,
  FillVerdict,
  InvalidateAsk,
  LeaseAsk,
  LeaseVerdict,
  RaiseReply,
  SetReply,
  SetRequest,
  Store,
  ToldReply,
} from '../../core/contracts/store.ts'
import { type Message, parseMessage } from '../../core/message.ts'
import { formatOrder, formatTail, formatValue, type ValueSlot } from '../../core/slot.ts'
import type { StoreWorld } from '../store-suite.ts'

/** The three functions that every test runner has. */
export interface SuiteTools {
  describe(name: string, define: () => void): void
  it(name: string, body: () => Promise<void>): void
  expect(found: unknown): Expectation
}

export interface Expectation {
  readonly not: Expectation
  toBe(expected: unknown): void
  toEqual(expected: unknown): void
  toMatchObject(expected: object): void
  toBeGreaterThan(expected: number): void
}

export type Topic = (
  tools: SuiteTools,
  test: (title: string, body: (bench: StoreBench) => Promise<void>) => void,
) => void

export const SCHEMA = 'sChEmA01'
export const OTHER_SCHEMA = 'sChEmA02'
export const EPOCH = 'ePoCh001'
export const PROCESS = 'suite-process'
export const NOTE = { origin: 'suite', reason: 'test' }

/** Version of a value as its text. */
export function order(version: number): string {
  return formatOrder(version)
}

/** A payload is bytes: every one of them, and none that UTF-8 would leave alone. */
export const EVERY_BYTE: string = Array.from({ length: 256 }, (_, byte) =>
  String.fromCharCode(byte),
).join('')

export class StoreBench {
  readonly world: StoreWorld
  readonly store: Store
  /** Texts told to this process alone. */
  readonly directs: Mailbox<string> = new Mailbox()
  /** Generations of the subscription. */
  readonly subscriptions: Mailbox<number> = new Mailbox()
  readonly #messages = new Mailbox<string>()
  /** Of the first subscription. */
  generation = 0
  #tokens = 0
  #epochs = 0
  #clock = 0
  #epoch = ''
  #serverMs = 0

  private constructor(world: StoreWorld) {
    this.world = world
    this.store = world.remote.store
  }

  /** Opened, subscribed, and with a record of groups. */
  static async open(world: StoreWorld): Promise<StoreBench> {
    const bench = new StoreBench(world)
    const listener: Parameters<Remote['open']>[1] = {
      up: () => {},
      down: () => {},
      subscribed: (_, { generation }) => bench.subscriptions.put(generation),
      unsubscribed: () => {},
      message: (_, text) => bench.#messages.put(text),
      direct: (_, text) => bench.directs.put(text),
    }
    await world.remote.open(PROCESS, listener)
    bench.generation = await bench.subscriptions.next()
    await bench.lease([])
    return bench
  }

  get stamp(): string {
    return this.store.connectedOf(0)?.stamp ?? ''
  }

  get epoch(): string {
    return this.#epoch
  }

  /** Server time of the last lease. */
  get serverMs(): number {
    return this.#serverMs
  }

  /** Group clock of the last lease. */
  get clock(): number {
    return this.#clock
  }

  token(): string {
    this.#tokens += 1
    return `token${this.#tokens}`.padEnd(16, '_')
  }

  async lease(asks: LeaseAsk[], newEpoch: string = EPOCH): Promise<readonly LeaseVerdict[]> {
    const request = { stamp: this.stamp, newEpoch, leaseMs: 60_000, asks }
    const reply = await this.store.lease(0, request)
    this.#clock = reply.clock
    this.#epoch = reply.epoch
    this.#serverMs = reply.serverMs
    return reply.verdicts
  }

  /** One lease; its verdict. */
  async leaseOne(key: string, ask: Partial<LeaseAsk> = {}): Promise<LeaseVerdict | undefined> {
    const whole = { key, token: this.token(), schema: SCHEMA, voidFid: undefined, ...ask }
    return (await this.lease([whole]))[0]
  }

  /** The token of a lease that is granted. */
  async granted(key: string): Promise<string> {
    const token = this.token()
    const verdict = await this.leaseOne(key, { token })
    if (verdict?.kind !== 'granted') throw new Error(`expected a lease, got ${verdict?.kind}`)
    return token
  }

  /** The text of a value that is valid now unless changed. */
  value(change: Partial<ValueSlot> = {}): string {
    const meta = { loadMs: 3, codec: 'j', absent: false, tags: ['family'], ...change.meta }
    return formatValue({
      stamp: this.stamp,
      epoch: this.#epoch,
      clock: this.#clock,
      fid: this.token(),
      order: '',
      schema: SCHEMA,
      bornMs: this.#serverMs,
      softMs: 30_000,
      lifeMs: 60_000,
      payload: '"value"',
      ...change,
      meta,
    })
  }

  fillOf(key: string, expected: string, change: Partial<Fill> = {}): Fill {
    const text = this.value({ fid: expected, order: change.order ?? '' })
    const life = { lifeMs: 60_000, bornMs: this.#serverMs, elapsedMs: 0 }
    return { key, expected, order: '', tags: ['family'], ...life, text, ...change }
  }

  async fill(fill: Fill): Promise<FillVerdict | undefined> {
    const grant = { stamp: this.stamp, epoch: this.#epoch, clock: this.#clock }
    return (await this.store.fill(0, { ...grant, fills: [fill] }))[0]
  }

  async replace(fill: Fill): Promise<FillVerdict | undefined> {
    const grant = { stamp: this.stamp, epoch: this.#epoch, clock: this.#clock }
    return (await this.store.replace(0, { ...grant, fills: [fill] }))[0]
  }

  /** A value in the slot, stored as loads are; its fid. */
  async stored(key: string, change: Partial<Fill> = {}): Promise<string> {
    const token = await this.granted(key)
    const verdict = await this.fill(this.fillOf(key, token, change))
    if (verdict !== 'stored') throw new Error(`expected to store, got ${verdict}`)
    return token
  }

  set(key: string, version: number, change: Partial<SetRequest> = {}): Promise<SetReply> {
    const meta = { loadMs: 0, codec: 'j', absent: false, tags: ['family'] }
    const identity = { stamp: this.stamp, newEpoch: 'ePoChSeT', key, schema: SCHEMA }
    const life = { softMs: 30_000, lifeMs: 60_000 }
    return this.store.set(0, {
      ...NOTE,
      ...identity,
      fid: this.token(),
      order: order(version),
      tags: meta.tags,
      lifeMs: life.lifeMs,
      tail: formatTail({ ...life, meta, payload: '"set"' }),
      mayFillEmpty: false,
      ...change,
    })
  }

  invalidate(key: string, ask: Partial<InvalidateAsk> = {}): Promise<ToldReply> {
    return this.store.invalidate(0, { ...NOTE, asks: [askOf(key, ask)], barrier: undefined })
  }

  raise(...tags: string[]): Promise<RaiseReply> {
    return this.raiseFor(undefined, ...tags)
  }

  raiseFor(barrier: BarrierAsk | undefined, ...tags: string[]): Promise<RaiseReply> {
    this.#epochs += 1
    return this.store.raise(0, { ...NOTE, newEpoch: `rAiSeD${this.#epochs}!`, tags, barrier })
  }

  /** Quarantines one slot for a writer. */
  place(key: string, token: string, quarantineMs = 60_000): Promise<ToldReply> {
    return this.store.place(0, {
      ...NOTE,
      stamp: this.stamp,
      quarantineMs,
      asks: [{ key, token }],
    })
  }

  put(key: string, text: string | undefined, lifeMs = 60_000): Promise<void> {
    return this.world.putText(key, text, lifeMs)
  }

  text(key: string): Promise<string | undefined> {
    return this.world.text(key)
  }

  /** The next message of the bus, in the order of arrival. */
  async message(): Promise<Message> {
    const text = await this.#messages.next()
    const message = parseMessage(text, this.world.remote.bus?.database ?? 0)
    if (typeof message === 'object') return message
    throw new Error(`expected a message, got ${message} from ${text}`)
  }
}

/** An ask to invalidate, plain unless changed. */
export function askOf(key: string, change: Partial<InvalidateAsk> = {}): InvalidateAsk {
  const plain = { order: '', keepsOrder: false, floorMs: 0, tokens: [], settle: undefined }
  return { key, ...plain, ...change }
}

/** What arrived, in order, for one reader. */
class Mailbox<T> {
  readonly #arrived: T[] = []
  #waiting: ((item: T) => void) | undefined

  put(item: T): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting === undefined) this.#arrived.push(item)
    else waiting(item)
  }

  next(): Promise<T> {
    const [item] = this.#arrived.splice(0, 1)
    if (item !== undefined) return Promise.resolve(item)
    return new Promise((resolve) => {
      this.#waiting = resolve
    })
  }
}
