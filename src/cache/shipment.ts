/**
 * What one call of a source has brought, on its way to callers, Redis and memory: packed, handed
 * to the desk that sends it, landed, and kept when the server has accepted it.
 */
import { LandedFrom } from '../coherence/index.ts'
import type { FillVerdict } from '../core/contracts/store.ts'
import type { StoreResult } from '../core/outcome.ts'
import { type Engine, isPending } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { internalFault } from './faults.ts'
import type { FillDesk, Parcel, Sender } from './fill-desk.ts'
import type { Fit, Fitting, Forgotten, Packed, Unfit } from './fitting.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Lander } from './lander.ts'
import type { CallMade } from './source-call.ts'

export interface ShipmentParts {
  readonly engine: Engine
  readonly desk: FillDesk
  readonly lander: Lander
}

/** The flights that one call has loaded. */
export interface Loaded {
  readonly flights: readonly KeyFlight[]
  readonly made: CallMade
}

/** Is told once what has become of a shipment, in anybody's context. */
export interface Receiver {
  /** All stores have been answered. */
  arrived(shipment: Shipment): void
  /** Something could not be sent, or what became of it not be dealt with. */
  broken(shipment: Shipment, error: unknown): void
}

export interface Cargo extends Loaded {
  readonly receiver: Receiver
}

export class Shipment implements Sender {
  readonly family: FamilyRuntime
  readonly flights: readonly KeyFlight[]
  readonly made: CallMade
  /** Those that are sent, or have been. */
  readonly parcels: Parcel[] = []
  /** What became of each value, aligned with the flights; complete when all have arrived. */
  readonly results: StoreResult[]
  readonly #parts: ShipmentParts
  readonly #receiver: Receiver
  readonly #loadMs: number
  #left: number
  #isBroken = false

  constructor(parts: ShipmentParts, family: FamilyRuntime, { flights, made, receiver }: Cargo) {
    this.family = family
    this.flights = flights
    this.made = made
    this.results = new Array<StoreResult>(flights.length).fill('noLease')
    this.#parts = parts
    this.#receiver = receiver
    this.#loadMs = Math.max(0, parts.engine.clock.now() - made.startedMs)
    this.#left = flights.length
  }

  /** Callers have their values when it returns; they are aligned with the flights. */
  send(values: readonly unknown[]): void {
    const { flights } = this
    for (let index = 0; index < flights.length; index++) {
      const flight = flights[index]
      if (flight !== undefined) this.#sendOne(flight, values[index], index)
    }
  }

  #sendOne(flight: KeyFlight, value: unknown, index: number): void {
    try {
      const fitting = this.family.packer.fit(value, flight.id, flight.key)
      this.#land(flight, fitting)
      this.#pack(flight, fitting, index)
    } catch (error) {
      this.#spoil(flight, error, index)
    }
  }

  /** What can't be looked at or written is no other value's business. */
  #spoil(flight: KeyFlight, error: unknown, index: number): void {
    const { engine, lander } = this.#parts
    lander.fail(flight, error)
    engine.watchers.tell({ kind: 'fault', error: internalFault(error) })
    this.#done(index, 'invalid')
  }

  stored(parcel: Parcel, verdict: FillVerdict | 'redisDown'): void {
    this.#done(parcel.index, verdict === 'stored' ? this.#keep(parcel) : verdict)
  }

  failed(error: unknown): void {
    if (this.#isBroken) return
    this.#isBroken = true
    this.#receiver.broken(this, error)
  }

  /** A large value is packed later. */
  #pack(flight: KeyFlight, fitting: Fitting, index: number): void {
    if (fitting.kind !== 'fit') this.#done(index, this.#refused(fitting))
    else if (flight.grant === undefined) this.#done(index, withoutGrant(flight))
    else {
      const packed = this.family.packer.pack(fitting, flight.key)
      if (packed instanceof Promise) void this.#postLater(packed, fitting, index)
      else this.#post(packed, fitting, index)
    }
  }

  async #postLater(packing: Promise<Packed | Unfit>, fit: Fit, index: number): Promise<void> {
    try {
      this.#post(await packing, fit, index)
    } catch (error) {
      const flight = this.flights[index]
      if (flight !== undefined) this.#spoil(flight, error, index)
    }
  }

  #post(packed: Packed | Unfit, fit: Fit, index: number): void {
    const { engine, desk } = this.#parts
    const flight = this.flights[index]
    const grant = flight?.grant
    if (flight === undefined || grant === undefined) return
    if (packed.kind === 'unfit') this.#done(index, this.#refused(packed))
    // Looked at when it is ready: it may have become pending meanwhile.
    else if (isPending(engine, flight, fit.tags)) this.#done(index, withoutGrant(flight))
    else {
      const { sealed, rawBytes } = packed
      const parcel = { flight, grant, fit, sealed, rawBytes, loadMs: this.#loadMs, index }
      desk.add(this.family, parcel, this)
      this.parcels.push(parcel)
    }
  }

  #land(flight: KeyFlight, fitting: Fitting): void {
    const { value } = fitting
    const bornMs = flight.grant?.askedMs ?? this.made.startedMs
    const isFit = fitting.kind === 'fit'
    flight.untilMs = isFit ? bornMs + fitting.life.softMs : Number.POSITIVE_INFINITY
    const ttl = isFit ? fitting.ttl : undefined
    this.#parts.lander.land(flight, new LandedFrom('source', flight.why, { value, bornMs, ttl }))
  }

  #done(index: number, result: StoreResult): void {
    this.results[index] = result
    this.#left--
    if (this.#left === 0 && !this.#isBroken) this.#receiver.arrived(this)
  }

  #refused(refused: Unfit | Forgotten): StoreResult {
    if (refused.kind === 'unfit' && this.family.packer.isNews(refused.error)) {
      this.#parts.engine.watchers.tell({ kind: 'fault', error: refused.error })
    }
    return refused.result
  }

  #keep({ flight, grant, fit, loadMs }: Parcel): StoreResult {
    const { family } = this
    const { lifetimes } = family
    const bornMs = grant.askedMs
    const earlyMs = lifetimes.earlyMs(fit.life, loadMs)
    const stay = { life: fit.life, ttl: fit.ttl, bornMs, loadMs, earlyMs }
    const { untilMs, staleUntilMs } = lifetimes.keep(grant.token, stay)
    this.#parts.lander.keep(family, flight, {
      value: fit.value,
      fid: grant.token,
      clock: family.clockOf(grant.reply),
      tags: fit.tags,
      order: fit.order,
      bornMs,
      untilMs,
      staleUntilMs,
    })
    return flight.isDoomed ? 'doomed' : 'stored'
  }
}

function withoutGrant(flight: KeyFlight): StoreResult {
  return flight.why === 'redisDown' ? 'redisDown' : 'noLease'
}
