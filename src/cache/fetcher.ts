/**
 * The way of a flight that memory could not answer, for one key or a batch alike:
 *
 *   look in Redis ──valid──▶ landed
 *        │ missed
 *   claim the slots ──granted, or not to be stored──▶ load ──▶ landed, stored
 *        │ busy: another process is loading
 *   wait, and look again
 *
 * No lease is held while waiting for another: what is granted loads at once.
 */
import type { Budget } from '../resilience/index.ts'
import type { Claimer } from './claimer.ts'
import type { Engine } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { callersLeft, loadTimeout, noSource } from './faults.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Lander } from './lander.ts'
import type { Loader } from './loader.ts'
import type { Looker } from './looker.ts'

/** Pauses between looks while another process loads. */
const pauseFirstMs = 4
const pauseMostMs = 250

export interface FetcherParts {
  readonly engine: Engine
  readonly looker: Looker
  readonly claimer: Claimer
  readonly loader: Loader
  readonly lander: Lander
}

export class Fetcher {
  readonly #parts: FetcherParts

  constructor(parts: FetcherParts) {
    this.#parts = parts
  }

  /** Runs flights of one family to their end. Never rejects: failures go to their callers. */
  async fetch(family: FamilyRuntime, flights: readonly KeyFlight[], budget: Budget): Promise<void> {
    try {
      await this.#journey(family, flights, { budget, missed: undefined })
    } catch (error) {
      for (const flight of flights) this.#parts.lander.fail(flight, error)
    }
  }

  /** The same for flights that have only their look in common. */
  async fetchApart(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    budget: Budget,
  ): Promise<void> {
    let missed: readonly KeyFlight[]
    try {
      missed = await this.#parts.looker.look(family, flights, budget)
    } catch (error) {
      for (const flight of flights) this.#parts.lander.fail(flight, error)
      return
    }
    if (missed.length === 0) return
    await Promise.all(missed.map((flight) => this.#fetchMissed(family, [flight], budget.fork())))
  }

  async #fetchMissed(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    budget: Budget,
  ): Promise<void> {
    try {
      await this.#journey(family, flights, { budget, missed: flights })
    } catch (error) {
      for (const flight of flights) this.#parts.lander.fail(flight, error)
    }
  }

  async #journey(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    start: { readonly budget: Budget; readonly missed: readonly KeyFlight[] | undefined },
  ): Promise<void> {
    const { looker, claimer, loader } = this.#parts
    const { budget } = start
    const loads: Promise<void>[] = []
    let open = flights
    let known = start.missed
    let pauseMs = pauseFirstMs
    while (open.length > 0) {
      const missed = known ?? (await looker.look(family, open, budget))
      known = undefined
      if (missed.length === 0) break
      const wanted = this.#dropSourceless(family, missed)
      const { ready, busy } = await claimer.claim(family, wanted, budget)
      if (ready.length > 0) loads.push(loader.load(family, ready))
      open = this.#dropLate(family, busy)
      if (open.length === 0) break
      await this.#pause(pauseMs)
      pauseMs = Math.min(pauseMs * 2, pauseMostMs)
    }
    await Promise.all(loads)
    const lost = flights.find((flight) => !flight.hasLanded)
    if (lost !== undefined) throw new RangeError(`the flight of '${lost.key}' was lost on its way`)
  }

  #dropSourceless(family: FamilyRuntime, missed: readonly KeyFlight[]): readonly KeyFlight[] {
    if (family.source !== undefined) return missed
    for (const flight of missed) this.#parts.lander.fail(flight, noSource(family.name, flight.key))
    return []
  }

  /** A waiter waits as long as a load of its own would take (CONTRACT 16). */
  #dropLate(family: FamilyRuntime, busy: readonly KeyFlight[]): readonly KeyFlight[] {
    const { clock, settings } = this.#parts.engine
    return busy.filter((flight) => {
      flight.hasWaited = true
      if (flight.isAbandoned) {
        this.#parts.lander.fail(flight, callersLeft(flight.key))
        return false
      }
      if (clock.now() - flight.startedMs < settings.loadTimeoutMs) return true
      const error = loadTimeout(family.name, flight.key, settings.loadTimeoutMs)
      this.#parts.lander.fail(flight, error)
      return false
    })
  }

  #pause(pauseMs: number): Promise<void> {
    const { clock, chance } = this.#parts.engine
    const ms = pauseMs * (0.75 + chance.unit() / 4)
    return new Promise((resolve) => clock.timer(ms, resolve))
  }
}
