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

export interface SlotReading {
  readonly flight: KeyFlight
  readonly text: string | undefined
  readonly isHead: boolean
  readonly groups: GroupReading
}

export interface SlotWish {
  readonly flight: KeyFlight
  /** The header is enough: what memory holds may turn out to be current. */
  readonly isHead: boolean
}

export class TickReader {
  readonly #engine: Engine
  readonly #gate: Gate
  readonly #partition: number
  readonly #batches: TickBatches<Batch>

  constructor(engine: Engine, gate: Gate, partition: number) {
    this.#engine = engine
    this.#gate = gate
    this.#partition = partition
    const send = (batch: Batch) => batch.done.resolve(this.#send(batch))
    this.#batches = new TickBatches(engine.clock, send)
  }

  /** Aligned with the wishes; undefined when the second tier is down for this call. */
  async read(
    wishes: readonly SlotWish[],
    tags: readonly string[],
    budget: Budget,
  ): Promise<readonly SlotReading[] | undefined> {
    if (!this.#gate.isOpen(this.#partition)) return undefined
    const hasRoom = ({ wishes: others }: Batch) => others.length + wishes.length <= slotsMax
    const batch = this.#batches.of(hasRoom, () => new Batch())
    const from = batch.wishes.length
    for (const wish of wishes) batch.wishes.push(wish)
    for (const tag of tags) batch.tags.add(tag)
    const readings = await budget.ride(batch.done.promise)
    return readings?.slice(from, from + wishes.length)
  }

  /** Clocks of tags that only the value itself could tell; asked after it was received. */
  async readTags(tags: readonly string[], budget: Budget): Promise<GroupReading | undefined> {
    const sentMs = this.#engine.clock.now()
    const reply = await this.#gate.read(this.#partition, budget, () =>
      this.#engine.store.read(this.#partition, { keys: [], heads: [], tags }),
    )
    return reply && this.#groupReading(reply, tags, sentMs)
  }

  async #send(batch: Batch): Promise<readonly SlotReading[] | undefined> {
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
    return reply && readingsOf(batch.wishes, reply, this.#groupReading(reply, tags, sentMs))
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
  readonly done: Deferred<readonly SlotReading[] | undefined> = new Deferred()
}

function readingsOf(
  wishes: readonly SlotWish[],
  reply: ReadReply,
  groups: GroupReading,
): readonly SlotReading[] {
  let [nextSlot, nextHead] = [0, 0]
  return wishes.map(({ flight, isHead }) => {
    const text = isHead ? reply.heads[nextHead++] : reply.slots[nextSlot++]
    return { flight, text, isHead, groups }
  })
}
