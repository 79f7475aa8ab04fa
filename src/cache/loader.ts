/**
 * Loads flights from their source: divides them among its calls, and holds their leases until
 * each has ended.
 */
import { DEFAULTS } from '../core/defaults.ts'
import { Limiter } from '../resilience/index.ts'
import { inChunks } from './by-partition.ts'
import { CallSpans } from './call-spans.ts'
import type { ErrorMemory } from './error-memory.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { Asked } from './fetcher.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Lander } from './lander.ts'
import { releaseLeases } from './leases.ts'
import { Loading, type LoadingParts } from './loading.ts'
import { Renewal } from './renewal.ts'
import type { SourceCall, SourceCallParts } from './source-call.ts'
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
  readonly lander: Lander
}

export class Loader {
  readonly #parts: LoaderParts & LoadingParts

  constructor(parts: LoaderParts) {
    this.#parts = {
      ...parts,
      spans: new CallSpans(parts.engine.clock, parts.closing),
      turnOf: (flight) => this.#turnOf(flight),
      fail: (family, call, error) => this.#fail(family, call, error),
    }
  }

  /** Failures of the source go to the flights. */
  async load(family: FamilyRuntime, flights: readonly KeyFlight[], asked: Asked): Promise<void> {
    const { engine } = this.#parts
    const units = this.#unitsOf(family, flights, asked)
    const queuedMs = engine.clock.now()
    // Those that wait for their turn hold their slots too.
    const renewal = new Renewal(engine, flights)
    const loading = new Loading(this.#parts, family, { renewal, queuedMs, count: units.length })
    // Callers that ask apart wait for nothing but the bounds of the source itself.
    const limiter = asked === 'apart' ? undefined : new Limiter(atOnce(family))
    for (const unit of units) {
      if (limiter === undefined) loading.begin(unit)
      else void limiter.run(() => loading.beginAlone(unit))
    }
    await loading.ended()
    renewal.end()
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

  async #fail(family: FamilyRuntime, made: SourceCall, error: unknown): Promise<void> {
    const { flights } = made
    family.counters.loadErrors++
    for (const flight of flights) this.#parts.errors.fail(family, flight, error)
    tellLoad(this.#parts.engine, family, { flights, made }, { error, stored: [], sizes: [] })
    await releaseLeases(this.#parts.engine.store, flights)
  }

  /**
   * With the second tier down nothing shows which loads are young enough to share,
   * so each caller wants one that begins after its call. Where a few run already, callers
   * gather in one that waits for the oldest of them, at most until that is Δ old.
   */
  #turnOf(flight: KeyFlight): Promise<void> | undefined {
    const { engine } = this.#parts
    const before = this.#before(flight)
    if (before === undefined) return undefined
    const waitMs = before.startedMs + engine.settings.trustMs - engine.clock.now()
    if (waitMs <= 0) return undefined
    flight.isGathering = true
    return new Promise<void>((resolve) => {
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
}

/** Loads at a time for one call. */
function atOnce({ source }: FamilyRuntime): number {
  return source?.many === undefined ? singlesMax : batchesMax
}
