/**
 * Puts loaded values where they belong. Callers have their value as soon as the store
 * is on its way; memory keeps it only when the server has accepted it, because only
 * then nothing was invalidated since the lease was granted (PROTOCOL 3.3).
 */
import type { FillVerdict } from '../core/contracts/store.ts'
import type { StoredSize, StoreResult } from '../core/outcome.ts'
import { type Engine, isPending } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { FillDesk, Parcel } from './fill-desk.ts'
import type { Fitting, Forgotten, Packed, Unfit } from './fitting.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Lander } from './lander.ts'
import type { CallMade } from './source-call.ts'

export interface StorerParts {
  readonly engine: Engine
  readonly desk: FillDesk
  readonly lander: Lander
}

/** What one call has loaded, on its way. */
interface Shipment {
  readonly family: FamilyRuntime
  readonly results: Map<KeyFlight, StoreResult>
  /** Those that are sent, or have been. */
  readonly parcels: Parcel[]
}

interface Fitted {
  readonly flight: KeyFlight
  readonly fitting: Fitting
  readonly loadMs: number
}

export class Storer {
  readonly #parts: StorerParts

  constructor(parts: StorerParts) {
    this.#parts = parts
  }

  async store(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    values: readonly unknown[],
    made: CallMade,
  ): Promise<void> {
    const { startedMs } = made
    const { engine, lander } = this.#parts
    const { isAging } = family.lifetimes
    family.counters.loads += flights.length
    const results = new Map<KeyFlight, StoreResult>()
    const loadMs = Math.max(0, engine.clock.now() - startedMs)
    const shipment: Shipment = { family, results, parcels: [] }
    const late: Promise<void>[] = []
    const homeward = flights.map((flight, index) => {
      const fitting = family.packer.fit(values[index], flight.id, flight.key)
      const packed = this.#pack(family, { flight, fitting, loadMs })
      if (packed instanceof Promise) late.push(this.#storeLate(shipment, flight, packed))
      else if (typeof packed === 'string') results.set(flight, packed)
      else shipment.parcels.push(packed)
      const ttl = isAging && fitting.kind === 'fit' ? fitting.ttl : undefined
      const softMs = fitting.kind === 'fit' ? fitting.life.softMs : Number.POSITIVE_INFINITY
      return { flight, value: fitting.value, ttl, softMs }
    })
    const stored = this.#send(shipment, [...shipment.parcels])
    for (const { flight, value, ttl, softMs } of homeward) {
      const bornMs = flight.grant?.askedMs ?? startedMs
      flight.untilMs = bornMs + softMs
      lander.land(flight, { value, from: 'source', why: flight.why, bornMs, ttl })
    }
    await Promise.all([stored, ...late])
    for (const flight of flights) lander.end(flight)
    this.#tell(flights, shipment, made)
    await this.#giveBack(flights, shipment.parcels)
  }

  /** A value ready to be sent, or why it is not; for a large one later. */
  #pack(
    family: FamilyRuntime,
    { flight, fitting, loadMs }: Fitted,
  ): Parcel | StoreResult | Promise<Parcel | StoreResult> {
    if (fitting.kind !== 'fit') return this.#refused(family, fitting)
    const { grant, key } = flight
    if (grant === undefined) return withoutGrant(flight)
    const finish = (packed: Packed | Unfit): Parcel | StoreResult => {
      if (packed.kind === 'unfit') return this.#refused(family, packed)
      // Looked at when it is ready: it may have become pending meanwhile.
      if (isPending(this.#parts.engine, flight, () => fitting.tags)) return withoutGrant(flight)
      const { sealed, rawBytes } = packed
      return { flight, grant, fit: fitting, sealed, rawBytes, loadMs }
    }
    const packed = family.packer.pack(fitting, key)
    return packed instanceof Promise ? packed.then(finish) : finish(packed)
  }

  #refused(family: FamilyRuntime, refused: Unfit | Forgotten): StoreResult {
    if (refused.kind === 'unfit' && family.packer.isNews(refused.error)) {
      this.#parts.engine.watchers.tell({ kind: 'fault', error: refused.error })
    }
    return refused.result
  }

  async #storeLate(
    shipment: Shipment,
    flight: KeyFlight,
    packing: Promise<Parcel | StoreResult>,
  ): Promise<void> {
    const packed = await packing
    if (typeof packed === 'string') {
      shipment.results.set(flight, packed)
      return
    }
    shipment.parcels.push(packed)
    await this.#send(shipment, [packed])
  }

  async #send({ family, results }: Shipment, parcels: readonly Parcel[]): Promise<void> {
    const verdicts = await this.#parts.desk.store(family, parcels)
    for (const [index, verdict] of verdicts.entries()) {
      const parcel = parcels[index]
      if (parcel !== undefined) results.set(parcel.flight, this.#keep(family, parcel, verdict))
    }
  }

  #keep(
    family: FamilyRuntime,
    { flight, grant, fit, loadMs }: Parcel,
    verdict: FillVerdict | 'redisDown',
  ): StoreResult {
    if (verdict !== 'stored') return verdict
    const { lifetimes } = family
    const bornMs = grant.askedMs
    const earlyMs = lifetimes.earlyMs(fit.life, loadMs)
    const ttl = lifetimes.isAging ? fit.ttl : undefined
    const stay = { life: fit.life, ttl, bornMs, loadMs, earlyMs }
    this.#parts.lander.keep(family, flight, {
      value: fit.value,
      fid: grant.token,
      clock: family.clockOf(grant.reply),
      tags: fit.tags,
      order: fit.order,
      bornMs,
      ...lifetimes.keep(grant.token, stay),
    })
    return flight.isDoomed ? 'doomed' : 'stored'
  }

  /** Leases of values that were not fit to be stored: the next reader need not wait. */
  async #giveBack(flights: readonly KeyFlight[], parcels: readonly Parcel[]): Promise<void> {
    if (parcels.length === flights.length) return
    const { store } = this.#parts.engine
    const sent = new Set(parcels.map((parcel) => parcel.flight))
    for (const flight of flights) {
      const { grant, key, partition } = flight
      if (grant === undefined || grant.replaces !== undefined) continue
      if (sent.has(flight)) continue
      // A lease that can't be given back expires.
      await store.release(partition, [{ key, token: grant.token }]).catch(() => {})
    }
  }

  #tell(
    flights: readonly KeyFlight[],
    { family, results, parcels }: Shipment,
    { startedMs, attempts }: CallMade,
  ): void {
    const stored = flights.map((flight) => results.get(flight) ?? 'noLease')
    for (const result of stored) family.counters.countStore(result)
    const { watchers, clock } = this.#parts.engine
    if (!watchers.isWatched) return
    watchers.tell({
      kind: 'load',
      family: family.name,
      keys: flights.map((flight) => flight.key),
      ms: clock.now() - startedMs,
      attempts,
      error: undefined,
      stored,
      sizes: parcels.filter(({ flight }) => results.get(flight) === 'stored').map(sizeOf),
    })
  }
}

function sizeOf({ sealed, rawBytes }: Parcel): StoredSize {
  return { rawBytes, storedBytes: sealed.payload.length }
}

function withoutGrant(flight: KeyFlight): StoreResult {
  return flight.why === 'redisDown' ? 'redisDown' : 'noLease'
}
