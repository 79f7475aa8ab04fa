/**
 * Single reads of one tick travel together, as if they had been asked for by one call: one
 * look, one lease, one load where the source takes many ids, one store. Those of different
 * partitions go apart, because one server that hangs is no other's business, and so do those
 * that different sources ask for: they end with the source that asks.
 */
import { AsyncResource } from 'node:async_hooks'
import { Budget } from '../resilience/index.ts'
import { byPartition, grouped } from './by-partition.ts'
import type { Engine } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { Fetcher } from './fetcher.ts'
import type { KeyFlight } from './flight-of.ts'

export class Gatherer {
  readonly #engine: Engine
  readonly #fetcher: Fetcher
  #gathered = new Map<FamilyRuntime, KeyFlight[]>()

  constructor(engine: Engine, fetcher: Fetcher) {
    this.#engine = engine
    this.#fetcher = fetcher
  }

  /** The flight leaves at the end of the tick. */
  add(family: FamilyRuntime, flight: KeyFlight): void {
    // All leave in the context of the first.
    if (this.#gathered.size > 0 && family.source?.gathers !== true) {
      flight.context = new AsyncResource('staleproof.read', { requireManualDestroy: true })
    }
    const gathered = this.#gathered.get(family)
    if (gathered !== undefined) {
      gathered.push(flight)
      return
    }
    if (this.#gathered.size === 0) this.#engine.tasks.run(this.#leave())
    this.#gathered.set(family, [flight])
  }

  async #leave(): Promise<void> {
    const { clock } = this.#engine
    await new Promise<void>((resolve) => clock.endOfTick(resolve))
    const gathered = [...this.#gathered]
    // Not cleared: see base/transient-map.ts.
    this.#gathered = new Map()
    await Promise.all(gathered.flatMap(([family, flights]) => this.#trips(family, flights)))
  }

  #trips(family: FamilyRuntime, flights: readonly KeyFlight[]): readonly Promise<void>[] {
    const { clock, settings } = this.#engine
    return grouped(flights, (flight) => flight.outer)
      .flatMap(byPartition)
      .map((group) => {
        const budget = new Budget(clock, settings.budgetMs)
        return this.#fetcher.fetch(family, group, { budget, asked: 'apart' })
      })
  }
}
