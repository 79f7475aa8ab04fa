/**
 * Puts loaded values where they belong. Callers have their value as soon as the store
 * is on its way; memory keeps it only when the server has accepted it, because only
 * then nothing was invalidated since the lease was granted (PROTOCOL 3.3).
 */
import type { StoredSize } from '../core/outcome.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { Parcel } from './fill-desk.ts'
import { type Loaded, Shipment, type ShipmentParts } from './shipment.ts'

export class Storer {
  readonly #parts: ShipmentParts

  constructor(parts: ShipmentParts) {
    this.#parts = parts
  }

  /** Values are aligned with the flights; callers have theirs when it returns. */
  send(family: FamilyRuntime, loaded: Loaded, values: readonly unknown[]): Shipment {
    family.counters.loads += loaded.flights.length
    const shipment = new Shipment(this.#parts, family, loaded)
    shipment.send(values)
    return shipment
  }

  /** All of it has arrived. Undefined: nothing is left to be done. */
  finish(shipment: Shipment): Promise<void> | undefined {
    const { flights, parcels } = shipment
    for (const flight of flights) this.#parts.lander.end(flight)
    this.#tell(shipment)
    return parcels.length === flights.length ? undefined : this.#giveBack(shipment)
  }

  /** Leases of values that were not fit to be stored: the next reader need not wait. */
  async #giveBack({ flights, parcels }: Shipment): Promise<void> {
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

  #tell({ family, flights, parcels, results, made }: Shipment): void {
    for (const result of results) family.counters.countStore(result)
    const { watchers, clock } = this.#parts.engine
    if (!watchers.isWatched) return
    watchers.tell({
      kind: 'load',
      family: family.name,
      keys: flights.map((flight) => flight.key),
      ms: clock.now() - made.startedMs,
      attempts: made.attempts,
      error: undefined,
      stored: results,
      sizes: parcels.filter(({ index }) => results[index] === 'stored').map(sizeOf),
    })
  }
}

function sizeOf({ sealed, rawBytes }: Parcel): StoredSize {
  return { rawBytes, storedBytes: sealed.payload.length }
}
