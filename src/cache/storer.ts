/**
 * Puts loaded values where they belong. Callers have their value as soon as the store
 * is on its way; memory keeps it only when the server has accepted it, because only
 * then nothing was invalidated since the lease was granted (PROTOCOL 3.3).
 */
import type { CacheEvent, StoredSize } from '../core/outcome.ts'
import type { Engine } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { Parcel } from './fill-desk.ts'
import { releaseLeases } from './leases.ts'
import { type Cargo, type Loaded, Shipment, type ShipmentParts } from './shipment.ts'

export class Storer {
  readonly #parts: ShipmentParts

  constructor(parts: ShipmentParts) {
    this.#parts = parts
  }

  /** Values are aligned with the flights; callers have theirs when it returns. */
  send(family: FamilyRuntime, cargo: Cargo, values: readonly unknown[]): void {
    family.counters.loads += cargo.flights.length
    new Shipment(this.#parts, family, cargo).send(values)
  }

  /** All of it has arrived. Undefined: nothing is left to be done. */
  finish(shipment: Shipment): Promise<void> | undefined {
    const { flights, parcels } = shipment
    for (const flight of flights) this.#parts.lander.end(flight)
    this.#tell(shipment)
    return parcels.length === flights.length ? undefined : this.#giveBack(shipment)
  }

  /** Leases of values that were not fit to be stored. */
  #giveBack({ flights, parcels }: Shipment): Promise<void> {
    const sent = new Set(parcels.map((parcel) => parcel.flight))
    const unsent = flights.filter((flight) => !sent.has(flight))
    return releaseLeases(this.#parts.engine.store, unsent)
  }

  #tell(shipment: Shipment): void {
    const { family, parcels, results } = shipment
    for (const result of results) family.counters.countStore(result)
    const { engine } = this.#parts
    if (!engine.watchers.isWatched) return
    const sizes = parcels.filter(({ index }) => results[index] === 'stored').map(sizeOf)
    tellLoad(engine, family, shipment, { error: undefined, stored: results, sizes })
  }
}

/** What came of a load, which has failed where there is an error. */
export function tellLoad(
  { watchers, clock }: Engine,
  family: FamilyRuntime,
  { flights, made }: Loaded,
  came: Pick<Extract<CacheEvent, { kind: 'load' }>, 'error' | 'stored' | 'sizes'>,
): void {
  if (!watchers.isWatched) return
  watchers.tell({
    kind: 'load',
    family: family.name,
    keys: flights.map((flight) => flight.key),
    ms: clock.now() - made.startedMs,
    attempts: made.attempts,
    ...came,
  })
}

function sizeOf({ sealed, rawBytes }: Parcel): StoredSize {
  return { rawBytes, storedBytes: sealed.payload.length }
}
