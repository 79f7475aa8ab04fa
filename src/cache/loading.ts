/**
 * The loads of one claim, each by a call of its source:
 *
 *   begin ──▶ call ──answered──▶ callers have it, stores leave ──arrived──▶ finished
 *               └──failed──▶ callers fail, leases are given back
 *
 * Answers and stores are told by callbacks: promises for the steps of each load were a fifth of
 * what it allocates. What is told in somebody else's context waits for `ended`, which goes on in
 * the context of those who asked: observers hear of it there.
 */
import { Deferred } from '../base/deferred.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { internalFault } from './faults.ts'
import { type KeyFlight, mostUrgent } from './flight-of.ts'
import type { Lander } from './lander.ts'
import type { Renewal } from './renewal.ts'
import type { Receiver, Shipment } from './shipment.ts'
import { type Caller, SourceCall, type SourceCallParts } from './source-call.ts'
import type { Storer } from './storer.ts'

export interface LoadingParts extends SourceCallParts {
  readonly storer: Storer
  readonly lander: Lander
  /** When the load may begin; undefined: now. */
  readonly turnOf: (flight: KeyFlight) => Promise<void> | undefined
  /** Deals with what a call has failed with. */
  readonly fail: (family: FamilyRuntime, call: SourceCall, error: unknown) => Promise<void>
}

export interface LoadingPlan {
  readonly renewal: Renewal
  /** When the loads were asked for. */
  readonly queuedMs: number
  /** Calls of the source. */
  readonly count: number
}

interface Failure {
  readonly call: SourceCall
  readonly error: unknown
}

type Flights = readonly KeyFlight[]

export class Loading implements Caller, Receiver {
  readonly #parts: LoadingParts
  readonly #family: FamilyRuntime
  readonly #plan: LoadingPlan
  /** What is told of the calls that wait for others. */
  readonly #whenGone = new Map<Flights, () => void>()
  #arrived: Shipment[] = []
  #failures: Failure[] = []
  #news = new Deferred<void>()
  #left: number

  constructor(parts: LoadingParts, family: FamilyRuntime, plan: LoadingPlan) {
    this.#parts = parts
    this.#family = family
    this.#plan = plan
    this.#left = plan.count
  }

  /** What one call of the source is to load. */
  begin(flights: Flights): void {
    const turns: Promise<void>[] = []
    for (const flight of flights) {
      const turn = this.#parts.turnOf(flight)
      if (turn !== undefined) turns.push(turn)
    }
    if (turns.length === 0) this.#call(flights)
    else void Promise.all(turns).then(() => this.#call(flights))
  }

  /** The same; resolves when it has ended, in whatever way. */
  beginAlone(flights: Flights): Promise<void> {
    return new Promise((resolve) => {
      this.#whenGone.set(flights, resolve)
      this.begin(flights)
    })
  }

  /** Resolves when all have ended. */
  async ended(): Promise<void> {
    while (this.#left > 0) {
      await this.#news.promise
      this.#news = new Deferred()
      this.#attend()
    }
  }

  answered(call: SourceCall, values: readonly unknown[]): void {
    const { flights } = call
    try {
      this.#parts.storer.send(this.#family, { flights, made: call, receiver: this }, values)
    } catch (error) {
      this.#broke(flights, error)
    }
  }

  failed(call: SourceCall, error: unknown): void {
    for (const flight of call.flights) this.#plan.renewal.letGo(flight)
    this.#failures.push({ call, error })
    this.#news.resolve()
  }

  arrived(shipment: Shipment): void {
    this.#arrived.push(shipment)
    this.#news.resolve()
  }

  broken({ flights }: Shipment, error: unknown): void {
    this.#broke(flights, error)
  }

  #call(flights: Flights): void {
    try {
      const { queuedMs } = this.#plan
      const call = { flights, queuedMs, priority: mostUrgent(flights), caller: this }
      new SourceCall(this.#parts, this.#family, call).begin()
    } catch (error) {
      this.#broke(flights, error)
    }
  }

  #attend(): void {
    const [arrived, failures] = [this.#arrived, this.#failures]
    this.#arrived = []
    this.#failures = []
    for (const shipment of arrived) {
      this.#follow(shipment.flights, () => this.#parts.storer.finish(shipment))
    }
    for (const { call, error } of failures) {
      this.#follow(call.flights, () => this.#parts.fail(this.#family, call, error))
    }
  }

  #follow(flights: Flights, end: () => Promise<void> | undefined): void {
    try {
      const ending = end()
      // Leases that are still to be given back hold up nobody who waits for a turn.
      this.#makeWay(flights)
      if (ending === undefined) this.#gone(flights)
      else
        ending.then(
          () => this.#gone(flights),
          (error: unknown) => this.#broke(flights, error),
        )
    } catch (error) {
      this.#broke(flights, error)
    }
  }

  #gone(flights: Flights): void {
    for (const flight of flights) this.#plan.renewal.letGo(flight)
    this.#makeWay(flights)
    this.#left--
    if (this.#left === 0) this.#news.resolve()
  }

  #makeWay(flights: Flights): void {
    this.#whenGone.get(flights)?.()
    this.#whenGone.delete(flights)
  }

  /** A fault of ours, or a text that can't be written: no other load's business. */
  #broke(flights: Flights, error: unknown): void {
    const { engine, lander } = this.#parts
    for (const flight of flights) lander.fail(flight, error)
    engine.watchers.tell({ kind: 'fault', error: internalFault(error) })
    this.#gone(flights)
  }
}
