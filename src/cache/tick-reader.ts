/**
 * Reads of one partition, gathered over a tick into one round trip: the slots first,
 * the clocks of their groups behind them on the same connection (PROTOCOL 3.2). No
 * scripts. A flight may be joined even by strict readers until its tick has been sent.
 */

import { Deferred } from '../base/deferred.ts'
import type { ReadReply } from '../core/contracts/store.ts'
import { Budget } from '../resilience/index.ts'
import { type Engine, partitionAt } from './engine.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Gate } from './gate.ts'
import { TickBatches } from './tick-batches.ts'

/** Slots in one request; more are read in the next. */
const slotsMax = 500

/** Clocks of the groups as they stood when the slots had been read. */
export interface GroupReading {
  /** The incarnation that had been proven when they were received. */
  readonly stamp: string
  readonly epoch: string | undefined
  readonly floor: number
  readonly serverMs: number
  /** When the request left, on this process's own clock. */
  readonly sentMs: number
  tagClock(tag: string): number | undefined
}

/** What was read of some slots. */
export interface SlotReading {
  /** Aligned with the wishes; undefined: the slot is empty. */
  readonly texts: readonly (string | undefined)[]
  readonly groups: GroupReading
}

export class SlotWish {
  readonly flight: KeyFlight
  /** The header is enough: what memory holds may turn out to be current. */
  readonly isHead: boolean

  constructor(flight: KeyFlight, isHead: boolean) {
    this.flight = flight
    this.isHead = isHead
  }
}

export class TickReader {
  readonly #engine: Engine
  readonly #gate: Gate
  readonly #partition: number
  readonly #batches: TickBatches<Batch, number>

  constructor(engine: Engine, gate: Gate, partition: number) {
    this.#engine = engine
    this.#gate = gate
    this.#partition = partition
    this.#batches = new TickBatches(engine.clock, {
      takes: ({ wishes }, count) => wishes.length + count <= slotsMax,
      make: () => new Batch(),
      send: (batch) => batch.done.resolve(this.#send(batch)),
    })
  }

  /** Undefined when the second tier is down for this call. */
  async read(
    wishes: readonly SlotWish[],
    tags: readonly string[],
    budget: Budget,
  ): Promise<SlotReading | undefined> {
    if (!this.#gate.isOpen(this.#partition)) return undefined
    const batch = this.#batches.of(wishes.length)
    const from = batch.wishes.length
    for (const wish of wishes) batch.wishes.push(wish)
    for (const tag of tags) batch.tags.add(tag)
    const reading = await budget.ride(batch.done.promise)
    if (reading === undefined || batch.wishes.length === wishes.length) return reading
    return { texts: reading.texts.slice(from, from + wishes.length), groups: reading.groups }
  }

  /** Clocks of tags that only the value itself could tell; asked after it was received. */
  async readTags(tags: readonly string[], budget: Budget): Promise<GroupReading | undefined> {
    const sentMs = this.#engine.clock.now()
    const reply = await this.#gate.read(this.#partition, budget, () =>
      this.#engine.store.read(this.#partition, { keys: [], heads: [], tags }),
    )
    return reply && this.#groupReading(reply, tags, sentMs)
  }

  async #send(batch: Batch): Promise<SlotReading | undefined> {
    const tags = [...batch.tags]
    const keys: string[] = []
    const heads: string[] = []
    for (const { flight, isHead } of batch.wishes) {
      flight.isGathering = false
      if (isHead) heads.push(flight.key)
      else keys.push(flight.key)
    }
    const { clock, settings, store } = this.#engine
    let sentMs = clock.now()
    const budget = new Budget(clock, settings.budgetMs)
    const reply = await this.#gate.read(this.#partition, budget, () => {
      sentMs = clock.now()
      return store.read(this.#partition, { keys, heads, tags })
    })
    if (reply === undefined) return undefined
    return { texts: textsOf(batch.wishes, reply), groups: this.#groupReading(reply, tags, sentMs) }
  }

  #groupReading(reply: ReadReply, tags: readonly string[], sentMs: number): GroupReading {
    const clocks = new Map<string, number>()
    for (const [index, tag] of tags.entries()) clocks.set(tag, reply.tagClocks[index] ?? 0)
    const stamp = partitionAt(this.#engine, this.#partition).trust.stamp ?? ''
    const { epoch, floor, serverMs } = reply
    return { stamp, epoch, floor, serverMs, sentMs, tagClock: (tag) => clocks.get(tag) }
  }
}

class Batch {
  readonly wishes: SlotWish[] = []
  readonly tags = new Set<string>()
  readonly done: Deferred<SlotReading | undefined> = new Deferred()
}

function textsOf(
  wishes: readonly SlotWish[],
  { slots, heads }: ReadReply,
): readonly (string | undefined)[] {
  if (heads.length === 0) return slots
  let [nextSlot, nextHead] = [0, 0]
  return wishes.map(({ isHead }) => (isHead ? heads[nextHead++] : slots[nextSlot++]))
}
