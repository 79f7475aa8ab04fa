/**
 * Loads flights from their source and hands the values to the storer. While the
 * source runs its leases are renewed, so that a slow load keeps its slots and a
 * paused process loses them (PROTOCOL 3.2, Lease life).
 */
import type { Timer } from '../core/contracts/clock.ts'
import type { LeaseHeld } from '../core/contracts/store.ts'
import { DEFAULTS } from '../core/defaults.ts'
import { Limiter } from '../resilience/index.ts'
import { byPartition, inChunks } from './by-partition.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Lander } from './lander.ts'
import { callSource, type SourceCallParts } from './source-call.ts'
import type { Storer } from './storer.ts'

/** Loads at a time for a batch whose source takes one id each (CONTRACT 17). */
const singlesMax = DEFAULTS.singleLoadsAtOnce.value
/** Batches of one call that are loaded at a time. */
const batchesMax = 4
/** Calls of one family's source at a time in this process. */
const callsMax = 100

export interface LoaderParts extends SourceCallParts {
  readonly lander: Lander
  readonly storer: Storer
}

/** Leases that are renewed until their flights have landed. */
interface Renewal {
  readonly letGo: (flight: KeyFlight) => void
  readonly end: () => void
}

export class Loader {
  readonly #parts: LoaderParts
  readonly #limiters = new Map<string, Limiter>()

  constructor(parts: LoaderParts) {
    this.#parts = parts
  }

  async load(family: FamilyRuntime, flights: readonly KeyFlight[]): Promise<void> {
    const isBatch = family.source?.many !== undefined
    const units = inChunks(flights, family.batchMax)
    const limiter = new Limiter(isBatch ? batchesMax : singlesMax)
    const queuedMs = this.#parts.engine.clock.now()
    // Those that wait for their turn hold their slots too.
    const renewal = this.#holdLeases(flights)
    const loadAndLetGo = async (unit: readonly KeyFlight[]) => {
      await this.#limiterOf(family).run(() => this.#loadUnit(family, unit, queuedMs))
      for (const flight of unit) renewal.letGo(flight)
    }
    try {
      await Promise.all(units.map((unit) => limiter.run(() => loadAndLetGo(unit))))
    } finally {
      renewal.end()
    }
  }

  /** Calls of one source at a time, whoever makes them; the others wait within their timeout. */
  #limiterOf(family: FamilyRuntime): Limiter {
    const limiter = this.#limiters.get(family.name) ?? new Limiter(callsMax)
    this.#limiters.set(family.name, limiter)
    return limiter
  }

  /** Failures of the source go to the flights. */
  async #loadUnit(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    queuedMs: number,
  ): Promise<void> {
    const { engine, lander, storer } = this.#parts
    await Promise.all(flights.map((flight) => this.#turn(flight)))
    for (const flight of flights) flight.begin()
    const startedMs = engine.clock.now()
    let values: readonly unknown[]
    try {
      values = await callSource(this.#parts, family, { flights, queuedMs })
    } catch (error) {
      family.counters.loadErrors++
      for (const flight of flights) lander.fail(flight, error)
      this.#tellFailure(family, flights, error, startedMs)
      await this.#release(flights)
      return
    }
    await storer.store(family, flights, values, startedMs)
  }

  /**
   * With the second tier down nothing shows which loads are young enough to share,
   * so each caller wants one that begins after its call. They gather in one that
   * waits for the load before it, at most until that is Δ old.
   */
  async #turn(flight: KeyFlight): Promise<void> {
    if (flight.why !== 'redisDown') return
    const { engine } = this.#parts
    const before = engine.flights.find(flight.key, (other) => other !== flight && other.isLoading)
    if (before === undefined) return
    const waitMs = before.startedMs + engine.settings.trustMs - engine.clock.now()
    if (waitMs <= 0) return
    flight.isGathering = true
    await new Promise<void>((resolve) => {
      const timer = engine.clock.timer(waitMs, resolve)
      const goOn = () => {
        timer.cancel()
        resolve()
      }
      before.landed.promise.then(goOn, goOn)
    })
  }

  #holdLeases(flights: readonly KeyFlight[]): Renewal {
    const { clock, tasks, store, settings } = this.#parts.engine
    const holding = new Set(flights.filter(({ grant }) => grant && grant.replaces === undefined))
    let timer: Timer | undefined
    const schedule = () => {
      timer = clock.timer(settings.leaseMs / 2, renew, 'background')
    }
    const renew = () => {
      for (const group of byPartition([...holding])) {
        const partition = group[0]?.partition ?? 0
        // One that can't be renewed expires, and the server refuses its store.
        tasks.run(store.renew(partition, held(group), settings.leaseMs).catch(() => {}))
      }
      if (holding.size > 0) schedule()
    }
    if (holding.size > 0) schedule()
    return { letGo: (flight) => holding.delete(flight), end: () => timer?.cancel() }
  }

  async #release(flights: readonly KeyFlight[]): Promise<void> {
    const { store } = this.#parts.engine
    for (const group of byPartition(flights)) {
      const [first] = group
      const leases = held(group)
      if (first === undefined || leases.length === 0) continue
      // A lease that can't be given back expires.
      await store.release(first.partition, leases).catch(() => {})
    }
  }

  #tellFailure(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    error: unknown,
    startedMs: number,
  ): void {
    const { watchers, clock } = this.#parts.engine
    if (!watchers.isWatched) return
    watchers.tell({
      kind: 'load',
      family: family.name,
      keys: flights.map((flight) => flight.key),
      ms: clock.now() - startedMs,
      error,
      stored: [],
    })
  }
}

/** The leases among the grants; a grant to replace holds nothing. */
export function held(flights: readonly KeyFlight[]): readonly LeaseHeld[] {
  const leases: LeaseHeld[] = []
  for (const { key, grant } of flights) {
    if (grant !== undefined && grant.replaces === undefined)
      leases.push({ key, token: grant.token })
  }
  return leases
}
