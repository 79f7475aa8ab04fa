/**
 * Brings flights home: a value to its callers, and into memory unless an invalidation
 * came in between. Between two awaits the world changed, so doom and generation are
 * looked at in the very moment of keeping (PROTOCOL 3.2).
 */
import type { Landed } from '../coherence/index.ts'
import type { Entry } from '../core/entry.ts'
import type { Engine } from './engine.ts'
import { partitionAt } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Span } from './lifetimes.ts'

/** An entry before its place in memory is known. */
export type Kept = Omit<Entry, 'generation' | 'partition'>

export class Lander {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  land(flight: KeyFlight, landed: Landed): void {
    flight.land(landed)
  }

  /** Does nothing to one that has landed but end it. */
  fail(flight: KeyFlight, error: unknown): void {
    this.reject(flight, error)
    this.#engine.flights.end(flight)
  }

  /** Tells those who wait for it. Later callers may still join. */
  reject(flight: KeyFlight, error: unknown): void {
    flight.crash(error)
  }

  end(flight: KeyFlight): void {
    this.#engine.flights.end(flight)
  }

  keep(family: FamilyRuntime, flight: KeyFlight, entry: Kept): void {
    if (!this.mayKeep(flight) || entry.order < flight.minimum) return
    const held = family.region.get(flight.memoryId)
    if (held?.generation === flight.generation && isOlder(entry, held)) return
    family.region.put(flight.memoryId, entryOf(flight, entry), this.#engine.clock.now())
  }

  /** The suspect was proven current; only its proof is new. */
  renew(family: FamilyRuntime, flight: KeyFlight, { untilMs, staleUntilMs }: Span): void {
    const { suspect } = flight
    if (suspect === undefined || !this.mayKeep(flight) || suspect.order < flight.minimum) return
    const held = family.region.get(flight.memoryId)
    if (held?.generation === flight.generation && isOlder(suspect, held)) return
    const renewed = entryOf(flight, { ...suspect, untilMs, staleUntilMs })
    family.region.put(flight.memoryId, renewed, this.#engine.clock.now())
  }

  /** Nothing has made what it brings unfit for memory so far. */
  mayKeep(flight: KeyFlight): boolean {
    if (flight.isDoomed || !this.#engine.settings.hasMemory) return false
    const { trust } = partitionAt(this.#engine, flight.partition)
    return trust.generation === flight.generation
  }
}

/** A read that was overtaken by a refresh or a `set` must not put back what they replaced. */
function isOlder(entry: Kept, held: Entry): boolean {
  return entry.order < held.order || entry.bornMs < held.bornMs
}

function entryOf({ generation, partition }: KeyFlight, kept: Kept): Entry {
  return {
    value: kept.value,
    untilMs: kept.untilMs,
    staleUntilMs: kept.staleUntilMs,
    generation,
    partition,
    clock: kept.clock,
    tags: kept.tags,
    order: kept.order,
    fid: kept.fid,
    bornMs: kept.bornMs,
  }
}
