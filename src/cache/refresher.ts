/**
 * Loads values anew in the background: those that were served although their TTL is over, and
 * those whose end is near (PROTOCOL 3.2, Refresh). Whoever reads them only starts it. One
 * process of all is elected; what it loads replaces the very fill that was seen and nothing
 * else, so an invalidation in between wins.
 */
import { Budget } from '../resilience/index.ts'
import type { Claimer } from './claimer.ts'
import type { Elector } from './elector.ts'
import { type Engine, partitionAt } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { KeyFlight } from './flight-of.ts'
import type { Lander } from './lander.ts'
import type { Loader } from './loader.ts'
import type { Looker } from './looker.ts'
import type { Pauses } from './pauses.ts'

/** At a time; who comes then leaves it to a later reader. */
export const refreshesMax = 1_000
/** How long a key is left alone where somebody else loads it, or nobody could be asked. */
export const lostMs = 250

export interface RefresherParts {
  readonly engine: Engine
  readonly looker: Looker
  readonly elector: Elector
  readonly claimer: Claimer
  readonly loader: Loader
  readonly lander: Lander
  readonly pauses: Pauses
  /** Fires when the cache begins to close. */
  readonly closing: AbortSignal
}

export class Refresher {
  readonly #parts: RefresherParts
  /** Keys under way, and those left alone until then. */
  readonly #notBeforeMs = new Map<string, number>()

  constructor(parts: RefresherParts) {
    this.#parts = parts
  }

  /** `agedFid`: the fill that is to be replaced. */
  start(family: FamilyRuntime, id: unknown, agedFid: string): void {
    const { engine, pauses, closing } = this.#parts
    const key = family.keyText(id)
    const nowMs = engine.clock.now()
    if (nowMs < (this.#notBeforeMs.get(key) ?? 0) || family.source === undefined) return
    if (pauses.reasonOf(key) !== undefined || closing.aborted || !this.#hasRoom(nowMs)) return
    this.#notBeforeMs.set(key, Number.POSITIVE_INFINITY)
    engine.tasks.run(this.#refresh(family, this.#flightOf(family, id, agedFid)))
  }

  async #refresh(family: FamilyRuntime, flight: KeyFlight): Promise<void> {
    const { engine, looker, elector, claimer, loader, lander } = this.#parts
    const budget = new Budget(engine.clock, engine.settings.budgetMs)
    // It waits for itself, so that its load does not end for want of callers.
    flight.join()
    try {
      // Another process may have loaded it meanwhile.
      const missed = await looker.look(family, [flight], budget)
      if (missed.length > 0) await elector.elect(missed, budget)
      if (!flight.isElected) return
      const { ready } = await claimer.claim(family, [flight], budget)
      // What could not be stored would help nobody.
      const isWanted = ready.length > 0 && flight.grant !== undefined
      elector.dismiss([flight], isWanted ? ready : [])
      if (isWanted) await elector.watch(ready, loader.load(family, ready, 'apart'))
    } finally {
      elector.dismiss([flight], [])
      lander.end(flight)
      if (flight.hasLanded) this.#notBeforeMs.delete(flight.key)
      else this.#notBeforeMs.set(flight.key, engine.clock.now() + lostMs)
    }
  }

  #flightOf(family: FamilyRuntime, id: unknown, agedFid: string): KeyFlight {
    const { engine } = this.#parts
    const key = family.keyText(id)
    const partition = engine.store.partitionOf(key)
    const flight = new KeyFlight({
      key,
      partition,
      mode: 'bounded',
      generation: partitionAt(engine, partition).trust.generation,
      startedMs: engine.clock.now(),
      id,
      memoryId: family.memoryId(id),
      suspect: undefined,
      outer: undefined,
      isShareable: false,
      alone: undefined,
    })
    flight.agedFid = agedFid
    flight.priority = 'refresh'
    flight.isRefresh = true
    // Nobody joins it: it may not be elected.
    flight.isClosed = true
    return engine.flights.register(flight)
  }

  #hasRoom(nowMs: number): boolean {
    if (this.#notBeforeMs.size < refreshesMax) return true
    for (const [key, notBeforeMs] of this.#notBeforeMs) {
      if (notBeforeMs <= nowMs) this.#notBeforeMs.delete(key)
    }
    return this.#notBeforeMs.size < refreshesMax
  }
}
