/**
 * Leases, asked for together: whoever wants some of a partition during a tick, of whatever
 * family, shares the script call that leaves at its end. Each caller gives up by its own
 * budget; what was granted to one that has given up is released, because whether its load
 * began before the grant is unknown (PROTOCOL 3.2, Budget).
 */
import { Deferred } from '../base/deferred.ts'
import type { LeaseAsk, LeaseReply } from '../core/contracts/store.ts'
import { Budget } from '../resilience/index.ts'
import { type Engine, newEpoch } from './engine.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Gate } from './gate.ts'
import { TickBatches } from './tick-batches.ts'

/** Keys in one script: it must not block the server for long. */
export const leasesMax = 200

/** What a caller was granted or told: its asks and their verdicts lie from `from` on. */
export interface ClaimAttempt {
  readonly reply: LeaseReply
  readonly asks: readonly LeaseAsk[]
  readonly from: number
  /** On this process's own clock. */
  readonly askedMs: number
}

/** What a batch must have room for. */
interface Room {
  readonly partition: number
  readonly count: number
}

export class LeaseDesk {
  readonly #engine: Engine
  readonly #gate: Gate
  readonly #batches: TickBatches<Batch, Room>

  constructor(engine: Engine, gate: Gate) {
    this.#engine = engine
    this.#gate = gate
    this.#batches = new TickBatches(engine.clock, {
      takes: (batch, { partition, count }) =>
        batch.partition === partition && batch.asks.length + count <= leasesMax,
      make: ({ partition }) => new Batch(partition),
      send: (batch) => batch.answered.resolve(this.#send(batch)),
    })
  }

  /**
   * For at most `leasesMax` flights of one partition; undefined when the second tier is down
   * for this call.
   */
  async ask(
    flights: readonly KeyFlight[],
    schema: string,
    budget: Budget,
  ): Promise<ClaimAttempt | undefined> {
    const { chance, tasks } = this.#engine
    const batch = this.#batches.of({ partition: flights[0]?.partition ?? 0, count: flights.length })
    const { asks } = batch
    const from = asks.length
    for (const flight of flights) {
      const { key, voidFid } = flight
      asks.push({ key, token: chance.token(), schema, voidFid })
      batch.flights.push(flight)
    }
    const reply = await budget.ride(batch.answered.promise)
    if (reply !== undefined) return { reply, asks, from, askedMs: batch.askedMs }
    tasks.run(this.#releaseLate(batch, from, from + flights.length))
    return undefined
  }

  #send(batch: Batch): Promise<LeaseReply | undefined> {
    const { clock, settings, store } = this.#engine
    const { partition } = batch
    const budget = new Budget(clock, settings.budgetMs)
    return this.#gate.write(partition, budget, () => {
      batch.askedMs = clock.now()
      for (const flight of batch.flights) flight.isGathering = false
      batch.sent = store.lease(partition, {
        stamp: store.connectedOf(partition)?.stamp ?? '',
        newEpoch: newEpoch(this.#engine),
        leaseMs: settings.leaseMs,
        asks: batch.asks,
      })
      return batch.sent
    })
  }

  async #releaseLate(batch: Batch, from: number, to: number): Promise<void> {
    // It may not have left yet.
    await batch.answered.promise.catch(() => undefined)
    const reply = await batch.sent?.catch(() => undefined)
    const granted = (_: LeaseAsk, index: number) =>
      reply?.verdicts[from + index]?.kind === 'granted'
    const held = batch.asks.slice(from, to).filter(granted)
    // A lease that can't be given back expires.
    if (held.length > 0) await this.#engine.store.release(batch.partition, held).catch(() => {})
  }
}

class Batch {
  readonly partition: number
  readonly asks: LeaseAsk[] = []
  readonly flights: KeyFlight[] = []
  readonly answered: Deferred<LeaseReply | undefined> = new Deferred()
  /** Known as soon as it has left. */
  sent: Promise<LeaseReply> | undefined
  askedMs = 0

  constructor(partition: number) {
    this.partition = partition
  }
}
