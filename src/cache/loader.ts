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
import { CallSpans } from './call-spans.ts'
import type { ErrorMemory } from './error-memory.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { Asked } from './fetcher.ts'
import { type KeyFlight, mostUrgent } from './flight-of.ts'
import { type CallMade, SourceCall, type SourceCallParts } from './source-call.ts'
import { type Storer, tellLoad } from './storer.ts'

/** Loads at a time for a batch whose source takes one id each (CONTRACT 17). */
const singlesMax = DEFAULTS.singleLoadsAtOnce.value
/** Batches of one call that are loaded at a time. */
const batchesMax = 4

/** Loads of one key beside each other, which nobody may share. */
const besideMax = 4

export interface LoaderParts extends Omit<SourceCallParts, 'spans'> {
  /** Fires when the cache is closed and its grace has passed. */
  readonly closing: AbortSignal
  readonly errors: ErrorMemory
  readonly storer: Storer
}

/** Leases that are renewed until their flights have landed. */
interface Renewal {
  readonly letGo: (flight: KeyFlight) => void
  readonly end: () => void
}

/** What all calls for the flights of one claim share. */
interface Hold {
  /** When their load was asked for. */
  readonly queuedMs: number
  readonly renewal: Renewal
}

export class Loader {
  readonly #parts: LoaderParts & SourceCallParts

  constructor(parts: LoaderParts) {
    this.#parts = { ...parts, spans: new CallSpans(parts.engine.clock, parts.closing) }
  }

  async load(family: FamilyRuntime, flights: readonly KeyFlight[], asked: Asked): Promise<void> {
    const units = this.#unitsOf(family, flights, asked)
    const queuedMs = this.#parts.engine.clock.now()
    // Those that wait for their turn hold their slots too.
    const renewal = this.#holdLeases(flights)
    const load = (unit: readonly KeyFlight[]) => this.#loadUnit(family, unit, { queuedMs, renewal })
    // Callers that ask apart wait for nothing but the bounds of the source itself.
    const limiter = asked === 'apart' ? undefined : new Limiter(atOnce(family))
    const run = limiter && ((unit: readonly KeyFlight[]) => limiter.run(() => load(unit)))
    try {
      await Promise.all(units.map(run ?? load))
    } finally {
      renewal.end()
    }
  }

  /** The flights of each call of the source. */
  #unitsOf(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    asked: Asked,
  ): readonly (readonly KeyFlight[])[] {
    const most = asked === 'apart' && family.source?.gathers !== true ? 1 : family.batchMax
    const early = flights.filter((flight) => this.#before(flight) === undefined)
    if (early.length === flights.length) return inChunks(flights, most)
    // Those that wait for a load before them hold nobody back.
    const late = flights.filter((flight) => !early.includes(flight))
    return [...inChunks(early, most), ...inChunks(late, 1)]
  }

  /** Failures of the source go to the flights. */
  async #loadUnit(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    { queuedMs, renewal }: Hold,
  ): Promise<void> {
    const { storer } = this.#parts
    const late = flights.filter((flight) => this.#before(flight) !== undefined)
    if (late.length > 0) await Promise.all(late.map((flight) => this.#turn(flight)))
    const priority = mostUrgent(flights)
    const call = new SourceCall(this.#parts, family, { flights, queuedMs, priority })
    let values: readonly unknown[]
    try {
      values = await call.values()
    } catch (error) {
      for (const flight of flights) renewal.letGo(flight)
      await this.#failed(family, flights, { error, made: call })
      return
    }
    const shipment = storer.send(family, { flights, made: call }, values)
    // Told from here, and not by who sends it, in the context of those who asked.
    await shipment.arrived
    const finishing = storer.finish(shipment)
    if (finishing !== undefined) await finishing
    for (const flight of flights) renewal.letGo(flight)
  }

  async #failed(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    { error, made }: { readonly error: unknown; readonly made: CallMade },
  ): Promise<void> {
    family.counters.loadErrors++
    for (const flight of flights) this.#parts.errors.fail(family, flight, error)
    tellLoad(this.#parts.engine, family, { flights, made }, { error, stored: [], sizes: [] })
    await this.#release(flights)
  }

  /**
   * With the second tier down nothing shows which loads are young enough to share,
   * so each caller wants one that begins after its call. Where a few run already, callers
   * gather in one that waits for the oldest of them, at most until that is Δ old.
   */
  async #turn(flight: KeyFlight): Promise<void> {
    const { engine } = this.#parts
    const before = this.#before(flight)
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
      before.tell({ landed: goOn, failed: goOn })
    })
  }

  /** The load that it waits for: none while only a few run, so that most callers do not wait. */
  #before(flight: KeyFlight): KeyFlight | undefined {
    if (flight.why !== 'redisDown') return undefined
    const loading = this.#parts.engine.flights.loading(flight.key)
    return loading.length < besideMax ? undefined : loading[0]
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
}

/** Loads at a time for one call. */
function atOnce({ source }: FamilyRuntime): number {
  return source?.many === undefined ? singlesMax : batchesMax
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
