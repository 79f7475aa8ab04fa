/**
 * Renews the leases of loads until they have ended, so that a slow load keeps its slots and a
 * paused process loses them (PROTOCOL 3.2, Lease life).
 */
import type { Timer } from '../core/contracts/clock.ts'
import { byPartition, inChunks } from './by-partition.ts'
import type { Engine } from './engine.ts'
import type { KeyFlight } from './flight-of.ts'
import { leasesMax } from './lease-desk.ts'
import { leasesOf } from './leases.ts'

export class Renewal {
  readonly #engine: Engine
  readonly #holding: Set<KeyFlight>
  #timer: Timer | undefined

  constructor(engine: Engine, flights: readonly KeyFlight[]) {
    this.#engine = engine
    this.#holding = new Set(flights.filter(({ grant }) => grant && grant.replaces === undefined))
    if (this.#holding.size > 0) this.#schedule()
  }

  letGo(flight: KeyFlight): void {
    this.#holding.delete(flight)
  }

  end(): void {
    this.#timer?.cancel()
  }

  #schedule(): void {
    const { clock, settings } = this.#engine
    this.#timer = clock.timer(settings.leaseMs / 2, () => this.#renew(), 'background')
  }

  #renew(): void {
    const { tasks, store, settings } = this.#engine
    const chunks = byPartition([...this.#holding]).flatMap((group) => inChunks(group, leasesMax))
    for (const group of chunks) {
      const partition = group[0]?.partition ?? 0
      // One that can't be renewed expires, and the server refuses its store.
      tasks.run(store.renew(partition, leasesOf(group), settings.leaseMs).catch(() => {}))
    }
    if (this.#holding.size > 0) this.#schedule()
  }
}
