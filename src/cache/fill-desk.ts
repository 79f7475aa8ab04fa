/**
 * Stores, sent together: values whose loads end in one tick, of whatever family, share one
 * script call of their partition where their grants have the same clocks, as they nearly
 * always do. Their texts are made before, so that one that can't be written is its caller's
 * failure alone.
 */
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
  /** Among what its sender sends. */
  readonly index: number
}

/** Is told what became of each of its parcels, once. */
export interface Sender {
  stored(parcel: Parcel, verdict: FillVerdict | 'redisDown'): void
  /** Not by the second tier: by what was asked of it. */
  failed(error: unknown): void
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

interface Fillable {
  readonly parcel: Parcel
  readonly text: string
  readonly sender: Sender
}

interface Batch {
  readonly common: Common
  readonly fillables: Fillable[]
}

export class FillDesk {
  readonly #engine: Engine
  readonly #gate: Gate
  readonly #batches: TickBatches<Batch, Common>

  constructor(engine: Engine, gate: Gate) {
    this.#engine = engine
    this.#gate = gate
    this.#batches = new TickBatches(engine.clock, {
      takes: hasRoomFor,
      make: (common): Batch => ({ common, fillables: [] }),
      send: (batch) => void this.#send(batch),
    })
  }

  /** It leaves at the end of the tick. Throws where its text can't be written. */
  add(family: FamilyRuntime, parcel: Parcel, sender: Sender): void {
    const { flight, grant } = parcel
    const { partition } = flight
    const { epoch, serverMs } = grant.reply
    const stamp = this.#engine.store.connectedOf(partition)?.stamp ?? ''
    const clock = family.clockOf(grant.reply)
    const identity = { stamp, epoch, clock, fid: grant.token, bornMs: Math.floor(serverMs) }
    const text = family.slotText(parcel, identity)
    const replaces = grant.replaces !== undefined
    const batch = this.#batches.of({ partition, stamp, epoch, clock, replaces })
    batch.fillables.push({ parcel, text, sender })
  }

  async #send({ common, fillables }: Batch): Promise<void> {
    try {
      const verdicts = await this.#stored(common, fillables)
      for (const [index, fillable] of fillables.entries()) {
        tell(fillable, verdicts === undefined ? 'redisDown' : (verdicts[index] ?? 'gone'))
      }
    } catch (error) {
      for (const { sender } of fillables) sender.failed(error)
    }
  }

  /** Aligned; undefined: the second tier is down. */
  #stored(
    { partition, stamp, epoch, clock: granted, replaces }: Common,
    fillables: readonly Fillable[],
  ): Promise<readonly FillVerdict[] | undefined> {
    const { clock, settings, store } = this.#engine
    const budget = new Budget(clock, settings.budgetMs)
    return this.#gate.write<readonly FillVerdict[]>(partition, budget, async () => {
      const fills = fillsOf(fillables, clock.now())
      // The grants of another incarnation mean nothing to this one.
      if (store.connectedOf(partition)?.stamp !== stamp) return fills.map(() => 'gone')
      const request = { stamp, epoch, clock: granted, fills }
      return replaces ? store.replace(partition, request) : store.fill(partition, request)
    })
  }
}

/** What one sender makes of it is no other's business. */
function tell({ parcel, sender }: Fillable, verdict: FillVerdict | 'redisDown'): void {
  try {
    sender.stored(parcel, verdict)
  } catch (error) {
    sender.failed(error)
  }
}

/** One more value goes with those that it has. */
function hasRoomFor({ common, fillables }: Batch, wanted: Common): boolean {
  if (common.partition !== wanted.partition || fillables.length === fillsMax) return false
  if (common.clock !== wanted.clock || common.replaces !== wanted.replaces) return false
  return common.stamp === wanted.stamp && common.epoch === wanted.epoch
}

/** The age of a value counts until it is sent. */
function fillsOf(fillables: readonly Fillable[], nowMs: number): readonly Fill[] {
  return fillables.map(({ parcel: { flight, grant, fit }, text }) => ({
    key: flight.key,
    expected: grant.replaces ?? grant.token,
    order: fit.order,
    tags: fit.tags,
    lifeMs: fit.life.lifeMs,
    bornMs: Math.floor(grant.reply.serverMs),
    elapsedMs: Math.ceil(nowMs - grant.askedMs),
    text,
  }))
}
