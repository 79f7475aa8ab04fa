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

  /** Values are aligned with the flights. Resolves when their stores have been answered. */
  store(
    family: FamilyRuntime,
    { flights, made }: Pick<Loaded, 'flights' | 'made'>,
    values: readonly unknown[],
  ): Promise<void> {
    family.counters.loads += flights.length
    const shipment = new Shipment(this.#parts, family, {
      flights,
      made,
      onArrived: this.#onArrived,
    })
    return shipment.send(values)
  }

  readonly #onArrived = (shipment: Shipment): void => {
    const { engine, lander } = this.#parts
    const { flights, parcels } = shipment
    for (const flight of flights) lander.end(flight)
    this.#tell(shipment)
    if (parcels.length < flights.length) engine.tasks.run(this.#giveBack(shipment))
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
