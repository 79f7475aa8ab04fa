/**
 * Stores, sent together: values whose loads end in one tick, of whatever family, share one
 * script call of their partition where their grants have the same clocks, as they nearly
 * always do. Their texts are made before, so that one that can't be written is its caller's
 * failure alone.
 */
import { Deferred } from '../base/deferred.ts'
import type { Fill, FillVerdict } from '../core/contracts/store.ts'
import { Budget } from '../resilience/index.ts'
import type { Engine } from './engine.ts'
import type { FamilyRuntime, Stored } from './family-runtime.ts'
import type { Grant, KeyFlight } from './flight-of.ts'
import type { Gate } from './gate.ts'
import { TickBatches } from './tick-batches.ts'

/** Values in one script: it must not block the server for long. */
const fillsMax = 200

/** A value on its way into a slot. */
export interface Parcel extends Stored {
  readonly flight: KeyFlight
  readonly grant: Grant
  /** Encoded, before it was sealed. */
  readonly rawBytes: number
}

/** What all values of one script call have in common. */
interface Common {
  readonly partition: number
  readonly stamp: string
  readonly epoch: string
  readonly clock: number
  /** Stored over the value that is there, not under a lease. */
  readonly replaces: boolean
}

export class FillDesk {
  readonly #engine: Engine
  readonly #gate: Gate
  readonly #batches: TickBatches<Batch>

  constructor(engine: Engine, gate: Gate) {
    this.#engine = engine
    this.#gate = gate
    const send = (batch: Batch) => batch.done.resolve(this.#send(batch))
    this.#batches = new TickBatches(engine.clock, send)
  }

  /** What became of each value, aligned; they leave at the end of the tick. */
  async store(
    family: FamilyRuntime,
    parcels: readonly Parcel[],
  ): Promise<readonly (FillVerdict | 'redisDown')[]> {
    const places = parcels.map((parcel) => this.#add(family, parcel))
    for (const { batch } of places) if (!batch.isDone) await batch.done.promise
    return places.map(({ batch, index }) => {
      return batch.verdicts === undefined ? 'redisDown' : (batch.verdicts[index] ?? 'gone')
    })
  }

  #add(family: FamilyRuntime, parcel: Parcel): { readonly batch: Batch; readonly index: number } {
    const { flight, grant } = parcel
    const { partition } = flight
    const { epoch, serverMs } = grant.reply
    const stamp = this.#engine.store.connectedOf(partition)?.stamp ?? ''
    const clock = family.clockOf(grant.reply)
    const identity = { stamp, epoch, clock, fid: grant.token, bornMs: Math.floor(serverMs) }
    const text = family.slotText(parcel, identity)
    const replaces = grant.replaces !== undefined
    const common = { partition, stamp, epoch, clock, replaces }
    const batch = this.#batches.of(
      (open) => open.takes(common),
      () => new Batch(common),
    )
    return { batch, index: batch.add(parcel, text) }
  }

  async #send(batch: Batch): Promise<void> {
    const { clock, settings, store } = this.#engine
    const { partition, stamp, epoch, clock: granted, replaces } = batch.common
    const budget = new Budget(clock, settings.budgetMs)
    const verdicts = await this.#gate.write<Verdicts>(partition, budget, async () => {
      const fills = batch.fillsAt(clock.now())
      // The grants of another incarnation mean nothing to this one.
      if (store.connectedOf(partition)?.stamp !== stamp) return fills.map(() => 'gone')
      const request = { stamp, epoch, clock: granted, fills }
      return replaces ? store.replace(partition, request) : store.fill(partition, request)
    })
    batch.isDone = true
    batch.verdicts = verdicts
  }
}

type Verdicts = readonly FillVerdict[]

class Batch {
  readonly common: Common
  readonly done: Deferred<void> = new Deferred()
  isDone = false
  /** Undefined when it is done: the second tier was down. */
  verdicts: Verdicts | undefined
  readonly #parcels: Parcel[] = []
  readonly #texts: string[] = []

  constructor(common: Common) {
    this.common = common
    // Whoever has values in two calls awaits one after the other.
    this.done.promise.catch(() => {})
  }

  /** Whether one more value goes with those that it has. */
  takes({ partition, stamp, epoch, clock, replaces }: Common): boolean {
    const { common } = this
    if (common.partition !== partition || this.#parcels.length === fillsMax) return false
    if (common.clock !== clock || common.replaces !== replaces) return false
    return common.stamp === stamp && common.epoch === epoch
  }

  add(parcel: Parcel, text: string): number {
    this.#texts.push(text)
    return this.#parcels.push(parcel) - 1
  }

  /** The age of a value counts until it is sent. */
  fillsAt(nowMs: number): readonly Fill[] {
    return this.#parcels.map(({ flight, grant, fit }, index) => ({
      key: flight.key,
      expected: grant.replaces ?? grant.token,
      order: fit.order,
      tags: fit.tags,
      lifeMs: fit.life.lifeMs,
      bornMs: Math.floor(grant.reply.serverMs),
      elapsedMs: Math.ceil(nowMs - grant.askedMs),
      text: this.#texts[index] ?? '',
    }))
  }
}
