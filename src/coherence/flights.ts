/**
 * Loads under way. A flight is registered before its first request leaves, so that
 * an invalidation which arrives meanwhile can doom it: its value still goes to the
 * callers that joined before, but nobody joins any more and memory does not keep it.
 *
 *   gathering ──request sent──▶ flying ──value known──▶ landed ──stored──▶ (forgotten)
 *
 * While it gathers, even a strict reader may join: nothing has been read yet.
 * Invariant: a flight is in the registry until its store has been answered, so at
 * most one load per key runs that later callers may share.
 */
import { TransientMap } from '../base/transient-map.ts'
import type { FromRedis, LoadReason, StaleReason } from '../core/outcome.ts'
import type { Ttl } from '../core/ttl-policy.ts'

/** How far a read must go: see CONTRACT 13. */
export type FlightMode = 'bounded' | 'strict' | 'fresh'

interface Home {
  readonly value: unknown
  /** On the monotonic clock of this process. */
  readonly bornMs: number
  readonly ttl: Ttl | undefined
  /** The fill that it came from, if that is to be loaded anew now. */
  readonly agedFid?: string | undefined
}

/** A class, as is all that outlives a tick: docs/architecture.md, "Decided here". */
export class LandedFrom<From extends string, Why> implements Home {
  readonly from: From
  readonly why: Why
  readonly value: unknown
  readonly bornMs: number
  readonly ttl: Ttl | undefined
  readonly agedFid?: string | undefined

  constructor(from: From, why: Why, { value, bornMs, ttl, agedFid }: Home) {
    this.from = from
    this.why = why
    this.value = value
    this.bornMs = bornMs
    this.ttl = ttl
    this.agedFid = agedFid
  }
}

/** What a flight came back with, in the words of `lookup`. */
export type Landed =
  | LandedFrom<'redis', FromRedis<unknown>['why']>
  | LandedFrom<'source', LoadReason>
  | LandedFrom<'stale', StaleReason>

/** Is told what became of a flight: once, and in the very moment. */
export interface Rider {
  landed(landed: Landed): void
  failed(error: unknown): void
}

/** Runs a flight, and is told when nobody waits for it any more. */
export interface Leaving {
  abandoned(): void
}

export interface FlightPlan {
  readonly key: string
  readonly partition: number
  readonly mode: FlightMode
  readonly generation: number
  readonly startedMs: number
}

export class Flight {
  readonly key: string
  readonly partition: number
  readonly mode: FlightMode
  /** Generation of the partition when it was registered; memory keeps its value in no other. */
  readonly generation: number
  readonly startedMs: number
  isGathering = true
  /** Its source is running. */
  isLoading = false
  isDoomed = false
  /** A group was invalidated: no joining; memory may keep the value, which it checks on reading. */
  isClosed = false
  /** Lowest order that memory may keep, raised by `set` elsewhere. */
  minimum = ''
  /** Callers still waiting; the load is given up when none is left. */
  waiters = 0
  /** Set by whoever runs the flight. */
  leaving: Leaving | undefined
  /** The one that was registered before it, of the same key; set by the registry. */
  older: this | undefined
  // No promise, and a list only for the second: most flights of a batch have one rider.
  #rider: Rider | undefined
  #others: Rider[] | undefined
  #landed: Landed | undefined
  #failed: { readonly error: unknown } | undefined

  constructor(plan: FlightPlan) {
    this.key = plan.key
    this.partition = plan.partition
    this.mode = plan.mode
    this.generation = plan.generation
    this.startedMs = plan.startedMs
  }

  /** The source is about to be asked: who joins now may get what is older than its call. */
  begin(): void {
    this.isGathering = false
    this.isLoading = true
  }

  get isAbandoned(): boolean {
    return this.waiters === 0
  }

  /** Its callers have been told. */
  get hasLanded(): boolean {
    return this.#landed !== undefined || this.#failed !== undefined
  }

  /** What it has brought, as soon as it has. */
  get landed(): Landed | undefined {
    return this.#landed
  }

  /** What it has failed with, as soon as it has. */
  get failure(): unknown {
    return this.#failed?.error
  }

  join(): void {
    this.waiters++
  }

  /** At once, if it has landed already. */
  tell(rider: Rider): void {
    if (this.#landed !== undefined) rider.landed(this.#landed)
    else if (this.#failed !== undefined) rider.failed(this.#failed.error)
    else if (this.#rider === undefined) this.#rider = rider
    else {
      this.#others ??= []
      this.#others.push(rider)
    }
  }

  /** Only the first end counts, of either kind. */
  land(landed: Landed): void {
    if (this.hasLanded) return
    this.#landed = landed
    this.#rider?.landed(landed)
    for (const rider of this.#others ?? []) rider.landed(landed)
  }

  /** Its callers fail; later ones may still join. */
  crash(error: unknown): void {
    if (this.hasLanded) return
    this.#failed = { error }
    this.#rider?.failed(error)
    for (const rider of this.#others ?? []) rider.failed(error)
  }

  leave(): void {
    this.waiters--
    if (this.waiters > 0) return
    // Whoever comes now must not join what is about to be given up.
    this.isClosed = true
    this.leaving?.abandoned()
  }
}

/** `F`: what the orchestrator knows of a flight besides. */
export class Flights<F extends Flight = Flight> {
  /** The newest of each key; the others hang on it. */
  readonly #byKey = new TransientMap<string, F>()
  #count = 0

  get count(): number {
    return this.#count
  }

  register(flight: F): F {
    flight.older = this.#byKey.get(flight.key)
    this.#byKey.set(flight.key, flight)
    this.#count++
    return flight
  }

  /** Some flight of the key is under way. */
  has(key: string): boolean {
    return this.#byKey.has(key)
  }

  /** Idempotent. What is no longer registered hears of no invalidation, so it keeps nothing. */
  end(flight: F): void {
    flight.isDoomed = true
    let newer: F | undefined
    let registered = this.#byKey.get(flight.key)
    while (registered !== undefined && registered !== flight) {
      newer = registered
      registered = registered.older
    }
    if (registered === undefined) return
    this.#count--
    if (newer !== undefined) newer.older = flight.older
    else if (flight.older === undefined) this.#byKey.delete(flight.key)
    else this.#byKey.set(flight.key, flight.older)
    flight.older = undefined
  }

  /** The newest flight of the key that satisfies `mayJoin`, doomed and closed ones left out. */
  find(key: string, mayJoin: (flight: F) => boolean): F | undefined {
    for (let flight = this.#byKey.get(key); flight !== undefined; flight = flight.older) {
      if (!flight.isDoomed && !flight.isClosed && mayJoin(flight)) return flight
    }
    return undefined
  }

  /** Of the key, whether it may be joined or not. */
  some(key: string, is: (flight: F) => boolean): boolean {
    for (let flight = this.#byKey.get(key); flight !== undefined; flight = flight.older) {
      if (is(flight)) return true
    }
    return false
  }

  /** Those of the key whose source is running, the oldest first. */
  loading(key: string): readonly F[] {
    return this.#of(key).filter(({ isLoading, hasLanded }) => isLoading && !hasLanded)
  }

  /** The key was invalidated. */
  doom(key: string): void {
    for (const flight of this.#of(key)) flight.isDoomed = true
  }

  /** All keys that a pattern matches were invalidated. */
  doomMatching(isMatch: (key: string) => boolean): void {
    for (const key of this.#byKey.keys()) if (isMatch(key)) this.doom(key)
  }

  /** A value of this order was set: what is older must not be kept or joined. */
  raiseMinimum(key: string, order: string): void {
    for (const flight of this.#of(key)) {
      if (order > flight.minimum) flight.minimum = order
      flight.isClosed = true
    }
  }

  /** Messages of the partition may have been missed. */
  doomPartition(partition: number): void {
    this.#each(partition, (flight) => {
      flight.isDoomed = true
    })
  }

  /** A group was invalidated; which keys it has is known only when they have been loaded. */
  closePartition(partition: number): void {
    this.#each(partition, (flight) => {
      flight.isClosed = true
    })
  }

  #each(partition: number, act: (flight: F) => void): void {
    for (const key of this.#byKey.keys()) {
      for (const flight of this.#of(key)) if (flight.partition === partition) act(flight)
    }
  }

  /** Those of a key, the oldest first. */
  #of(key: string): readonly F[] {
    let flight = this.#byKey.get(key)
    if (flight === undefined) return none
    const flights: F[] = []
    for (; flight !== undefined; flight = flight.older) flights.unshift(flight)
    return flights
  }
}

const none: readonly never[] = []
