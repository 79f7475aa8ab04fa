/**
 * Single reads of one tick, looked up together: what each of them costs besides its slot
 * is paid once. What was missed goes its own way from there, because one source's pace is
 * no other caller's business.
 */
import { Budget } from '../resilience/index.ts'
import type { Engine } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { Fetcher } from './fetcher.ts'
import type { KeyFlight } from './flight-of.ts'

export class Gatherer {
  readonly #engine: Engine
  readonly #fetcher: Fetcher
  readonly #gathered = new Map<FamilyRuntime, KeyFlight[]>()

  constructor(engine: Engine, fetcher: Fetcher) {
    this.#engine = engine
    this.#fetcher = fetcher
  }

  /** The flight leaves at the end of the tick. */
  add(family: FamilyRuntime, flight: KeyFlight): void {
    const gathered = this.#gathered.get(family)
    if (gathered !== undefined) {
      gathered.push(flight)
      return
    }
    if (this.#gathered.size === 0) this.#engine.tasks.run(this.#leave())
    this.#gathered.set(family, [flight])
  }

  async #leave(): Promise<void> {
    const { clock, settings } = this.#engine
    await new Promise<void>((resolve) => clock.endOfTick(resolve))
    const groups = [...this.#gathered]
    this.#gathered.clear()
    await Promise.all(
      groups.map(([family, flights]) => {
        const budget = new Budget(clock, settings.budgetMs)
        return this.#fetcher.fetchApart(family, flights, budget)
      }),
    )
  }
}
