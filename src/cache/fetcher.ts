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
import type { Elector } from './elector.ts'
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
  readonly elector: Elector
  readonly loader: Loader
  readonly lander: Lander
}

/** How the callers of flights that travel together have asked for them. */
export type Asked = 'together' | 'apart'

export interface Trip {
  readonly budget: Budget
  readonly asked: Asked
}

export class Fetcher {
  readonly #parts: FetcherParts

  constructor(parts: FetcherParts) {
    this.#parts = parts
  }

  /** Runs flights of one family to their end. Never rejects: failures go to their callers. */
  async fetch(family: FamilyRuntime, flights: readonly KeyFlight[], trip: Trip): Promise<void> {
    try {
      await this.#journey(family, flights, trip)
    } catch (error) {
      this.#parts.elector.dismiss(flights, [])
      for (const flight of flights) this.#parts.lander.fail(flight, error)
    }
  }

  async #journey(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    { budget, asked }: Trip,
  ): Promise<void> {
    const { claimer, elector, loader } = this.#parts
    const loads: Promise<void>[] = []
    let open = flights
    let pauseMs = pauseFirstMs
    while (open.length > 0) {
      const skipsLook = this.#skipsLook(family, open)
      const missed = skipsLook ? open : await this.#look(family, open, budget)
      if (missed.length === 0) break
      const wanted = this.#dropSourceless(family, missed)
      const others = wanted.some(isAged) ? await elector.elect(wanted.filter(isAged), budget) : []
      const sole = others.length === 0 ? wanted : without(wanted, others)
      const { ready, busy } = await claimer.claim(family, sole, budget)
      elector.dismiss(sole, ready)
      if (skipsLook && (sole.some(hasLanded) || ready.some(isUnheard))) family.misses.end()
      const waiting = this.#dropLate(family, busy.concat(others))
      const stuck = waiting.filter((flight) => this.#isHeldUp(flight))
      for (const flight of stuck) flight.why = 'nested'
      const toLoad = stuck.length === 0 ? ready : ready.concat(stuck)
      if (toLoad.length > 0) {
        const load = elector.watch(toLoad, loader.load(family, toLoad, asked))
        // It may fail while the others still wait for theirs.
        load.catch(() => {})
        loads.push(load)
      }
      open = stuck.length === 0 ? waiting : without(waiting, stuck)
      if (open.length === 0) break
      await this.#pause(pauseMs)
      pauseMs = Math.min(pauseMs * 2, pauseMostMs)
    }
    await Promise.all(loads)
    const lost = flights.find((flight) => !flight.hasLanded)
    if (lost !== undefined) throw new RangeError(`the flight of '${lost.key}' was lost on its way`)
  }

  /** What memory holds is proven by a look that leaves the payload where it is. */
  #skipsLook(family: FamilyRuntime, flights: readonly KeyFlight[]): boolean {
    if (!family.misses.isLong || family.source === undefined) return false
    return flights.every((flight) => flight.suspect === undefined && !flight.hasWaited)
  }

  async #look(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    budget: Budget,
  ): Promise<readonly KeyFlight[]> {
    const missed = await this.#parts.looker.look(family, flights, budget)
    if (missed.length < flights.length) family.misses.end()
    else family.misses.add(missed.length)
    return missed
  }

  #dropSourceless(family: FamilyRuntime, missed: readonly KeyFlight[]): readonly KeyFlight[] {
    if (family.source !== undefined) return missed
    for (const flight of missed) this.#parts.lander.fail(flight, noSource(family.name, flight.key))
    return []
  }

  /**
   * The source that asks may itself hold up the load that it would wait for. Surely, where that
   * waits for its turn in this process; perhaps, where it takes half of the time that is left to
   * whoever asks: two batches may each wait for a key of the other. Then it is loaded once more,
   * for that source alone.
   */
  #isHeldUp({ outer, key, startedMs }: KeyFlight): boolean {
    if (outer === undefined) return false
    const { clock, flights } = this.#parts.engine
    const isLong = clock.now() >= (startedMs + outer.deadlineMs) / 2
    return isLong || flights.some(key, waitsForItsTurn)
  }

  /** A waiter waits as long as a load of its own would take (CONTRACT 16). */
  #dropLate(family: FamilyRuntime, busy: readonly KeyFlight[]): readonly KeyFlight[] {
    const { clock, settings } = this.#parts.engine
    const timeoutMs = Math.min(settings.loadTimeoutMs, family.rules.refresh.loadTimeoutMs)
    return busy.filter((flight) => {
      flight.hasWaited = true
      if (flight.isAbandoned) {
        this.#parts.lander.fail(flight, callersLeft(flight.key))
        return false
      }
      if (clock.now() - flight.startedMs < timeoutMs) return true
      const error = loadTimeout(family.name, flight.key, timeoutMs)
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

function hasLanded(flight: KeyFlight): boolean {
  return flight.hasLanded
}

/** It may fill or replace the slot, and its source has not been asked yet. */
function waitsForItsTurn({ grant, isLoading, hasLanded }: KeyFlight): boolean {
  return grant !== undefined && !isLoading && !hasLanded
}

/** Nobody knows whether a value was there. */
function isUnheard({ why }: KeyFlight): boolean {
  return why === 'redisDown'
}

/** In its grace: loaded by one of all who want it, while the others wait. */
function isAged({ agedFid }: KeyFlight): boolean {
  return agedFid !== undefined
}

function without(
  flights: readonly KeyFlight[],
  others: readonly KeyFlight[],
): readonly KeyFlight[] {
  const set = new Set(others)
  return flights.filter((flight) => !set.has(flight))
}
