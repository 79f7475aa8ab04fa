/**
 * Reads: memory first, then a flight that others may share. `hit` is the hit path,
 * measured in `bench`: one look-up, one look at the clock, a few comparisons, nothing
 * allocated (CONTRACT 11, 18).
 */
import type { FlightMode, Landed } from '../coherence/index.ts'
import type { Entry } from '../core/entry.ts'
import type { GetOptions } from '../core/handle.ts'
import { Budget, type Priority, SharedSignals } from '../resilience/index.ts'
import type { After, Need } from './after.ts'
import { type Engine, partitionAt } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { idsExpected, loadCycle } from './faults.ts'
import type { Fetcher } from './fetcher.ts'
import { KeyFlight } from './flight-of.ts'
import type { Gatherer } from './gatherer.ts'
import { isRegistered, mayJoin } from './joining.ts'
import { type LoadScope, relationOf, type Scope } from './load-scope.ts'
import type { OldValues } from './old-values.ts'
import { patienceOf, waitFor } from './patience.ts'
import type { WriteScope } from './write-scope.ts'

export interface ReaderParts {
  readonly engine: Engine
  readonly fetcher: Fetcher
  readonly gatherer: Gatherer
  readonly after: After
  readonly old: OldValues
  readonly scope: LoadScope
  readonly writes: WriteScope
}

/**
 * Whose flight a call took: its own, another's that had asked nobody yet and answers both
 * alike, or another's under way, which like memory may lag behind by Δ.
 */
export type Sharing = 'own' | 'gathering' | 'flying'

/** How a read was answered. */
export type Answer =
  | { readonly kind: 'hit'; readonly key: string; readonly entry: Entry }
  | {
      readonly kind: 'flown'
      readonly key: string
      readonly landed: Landed
      readonly sharing: Sharing
    }
  | {
      readonly kind: 'failed'
      readonly key: string
      readonly error: unknown
      /** It is the error of the source itself, whatever its code says. */
      readonly isOfSource: boolean
    }

interface Wish {
  readonly id: unknown
  readonly key: string
  readonly mode: FlightMode
  /** The source that asks, if one does. */
  readonly scope: Scope | undefined
  readonly alone: KeyFlight['alone']
  readonly priority: Priority
}

interface Ride {
  readonly flight: KeyFlight
  readonly sharing: Sharing
  /** How far its caller must read: that may be further than the flight does. */
  readonly mode: FlightMode
}

export class Reader {
  readonly #parts: ReaderParts
  readonly #scope: LoadScope
  readonly #writes: WriteScope
  readonly #signals = new SharedSignals()

  constructor(parts: ReaderParts) {
    this.#parts = parts
    this.#scope = parts.scope
    this.#writes = parts.writes
  }

  /** Called by a source, or by a write: then what `get` may do depends on the key. */
  get isInScope(): boolean {
    return this.#scope.current !== undefined || this.#writes.isEntered
  }

  /** What a source asks for is as urgent as what it is asked for. */
  priorityOf({ priority }: GetOptions): Priority {
    return priority ?? this.#scope.current?.priority ?? 'read'
  }

  /** The slot that `peek` may serve, or -1: nothing of what its caller is writing. */
  peek(family: FamilyRuntime, id: unknown): number {
    const { writes } = this.#parts
    if (writes.isEntered && writes.covers(family.keyText(id))) return -1
    const slot = this.hit(family, id)
    return slot < 0 && family.lifetimes.isAging ? this.#parts.old.peek(family, id) : slot
  }

  /** The slot of an entry that memory may serve without asking anybody, or -1. */
  hit(family: FamilyRuntime, id: unknown): number {
    const { clock, partitions } = this.#parts.engine
    const memoryId = family.isKeyedById ? id : family.memoryId(id)
    return family.region.serve(memoryId, partitions, clock.now())
  }

  /**
   * A promise for each id, aligned; none of them rejects: one may be answered by its
   * failure while others have their value. Rejects with what is wrong with ids or options.
   */
  async read(
    family: FamilyRuntime,
    ids: readonly unknown[],
    options: GetOptions,
  ): Promise<readonly Promise<Answer>[]> {
    const { engine, scope } = this.#parts
    const patience = patienceOf(options, { clock: engine.clock, signals: this.#signals })
    if (!Array.isArray(ids)) throw idsExpected(family.name, ids)
    // Holes count as ids too, and are refused as such.
    const keys = Array.from(ids, (id) => family.keyText(id))
    this.#refuseCycles(family, keys)
    const budget = new Budget(engine.clock, engine.settings.budgetMs)
    const needs = await this.#needs(keys, options, budget)
    const rides = new Map<string, Ride>()
    const started: KeyFlight[] = []
    const priority = this.priorityOf(options)
    const answers = keys.map((key, index): Promise<Answer> => {
      const id = ids[index]
      const alone = this.#aloneWith(key)
      const need = needs(key)
      const held = alone ? undefined : this.#fromMemory(family, { id, key }, need)
      if (held !== undefined) return Promise.resolve(held)
      const known = rides.get(key)
      const mode = alone ? 'fresh' : need.mode
      const wish = { id, key, mode, scope: scope.current, alone, priority }
      const ride = known ?? this.#board(family, wish)
      if (known === undefined) {
        rides.set(key, ride)
        if (ride.sharing === 'own') started.push(ride.flight)
      }
      void ride.flight.join()
      return this.#answerOf(family, ride, waitFor(ride.flight, patience))
    })
    this.#depart(family, started, { budget, mayGather: options.after === undefined })
    return answers
  }

  /** The same for one id without options, of which memory has been asked already. */
  async readOne(family: FamilyRuntime, id: unknown): Promise<Answer> {
    const held = this.#lookCloser(family, id)
    if (held !== undefined) return held
    const key = family.keyText(id)
    const [scope, alone, priority] = [undefined, undefined, 'read'] as const
    const wish = { id, key, mode: 'bounded', scope, alone, priority } as const
    const ride = this.#board(family, wish)
    const landing = ride.flight.join()
    if (ride.sharing === 'own') this.#parts.gatherer.add(family, ride.flight)
    return this.#answerOf(family, ride, landing)
  }

  /** Never rejects. */
  #answerOf(
    family: FamilyRuntime,
    { flight, sharing, mode }: Ride,
    landing: Promise<Landed>,
  ): Promise<Answer> {
    const { key } = flight
    const answering = landing.then(
      (landed): Answer => ({ kind: 'flown', key, landed, sharing }),
      (error): Answer => {
        return { kind: 'failed', key, error, isOfSource: flight.isErrorOfSource(error) }
      },
    )
    if (!family.lifetimes.isAging) return answering
    return this.#parts.old.soften(family, { flight, mode }, answering)
  }

  /** What memory may serve although a hit can't tell. */
  #lookCloser(family: FamilyRuntime, id: unknown): Answer | undefined {
    return family.lifetimes.isAging ? this.#parts.old.answer(family, id) : undefined
  }

  /** A token may have cost a part of the budget already, and what a writer reads waits for none. */
  #depart(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    { budget, mayGather }: { readonly budget: Budget; readonly mayGather: boolean },
  ): void {
    const { engine, fetcher, gatherer } = this.#parts
    const [first] = flights
    if (first === undefined) return
    if (flights.length === 1 && mayGather && first.alone === undefined) gatherer.add(family, first)
    else engine.tasks.run(fetcher.fetch(family, flights, { budget, asked: 'together' }))
  }

  /** Before anything is registered: a chain of loads can't wait for itself. */
  #refuseCycles(family: FamilyRuntime, keys: readonly string[]): void {
    const { current } = this.#parts.scope
    const key = keys.find((one) => relationOf(current, one) === 'cycle')
    if (key !== undefined) throw loadCycle(family.name, key, current?.chain ?? [])
  }

  /** Why the caller must have a load of its own that is stored nowhere. */
  #aloneWith(key: string): KeyFlight['alone'] {
    const { scope, writes } = this.#parts
    if (writes.covers(key)) return 'quarantined'
    return relationOf(scope.current, key) === 'beside' ? 'nested' : undefined
  }

  /** How far each key must be read; asynchronous only where a token says so. */
  #needs(
    keys: readonly string[],
    options: GetOptions,
    budget: Budget,
  ): Promise<(key: string) => Need> | ((key: string) => Need) {
    const { scope, engine, after } = this.#parts
    const asked: FlightMode = options.consistency ?? 'bounded'
    const mode = asked === 'bounded' && scope.current !== undefined ? 'strict' : asked
    const plain: Need = { mode, loadedSinceMs: Number.POSITIVE_INFINITY }
    if (options.after === undefined || mode === 'fresh') return () => plain
    const token: unknown = typeof options.after === 'string' ? options.after : options.after?.token
    const { store } = engine
    return after
      .needs(
        token,
        keys.map((key) => store.partitionOf(key)),
        budget,
      )
      .then((needs) => (key) => {
        const need = needs.get(store.partitionOf(key)) ?? plain
        if (need.mode === 'bounded') return plain
        // What was asked for strictly is not served from memory, whatever the token allows.
        return mode === 'strict' ? { ...need, loadedSinceMs: Number.POSITIVE_INFINITY } : need
      })
  }

  #fromMemory(
    family: FamilyRuntime,
    { id, key }: Pick<Wish, 'id' | 'key'>,
    need: Need,
  ): Answer | undefined {
    if (need.mode === 'strict') return undefined
    const slot = this.hit(family, id)
    if (slot < 0) return need.mode === 'bounded' ? this.#lookCloser(family, id) : undefined
    const entry = family.region.entryAt(slot)
    const isGood = need.mode === 'bounded' || entry.bornMs >= need.loadedSinceMs
    return isGood ? { kind: 'hit', key, entry } : undefined
  }

  #board(family: FamilyRuntime, wish: Wish): Ride {
    const { engine } = this.#parts
    const { id, key, mode, scope, alone, priority } = wish
    const joined = alone ? undefined : engine.flights.find(key, mayJoin(engine, { mode, scope }))
    if (joined !== undefined) {
      joined.raise(priority)
      return { flight: joined, sharing: joined.isGathering ? 'gathering' : 'flying', mode }
    }
    const partition = engine.store.partitionOf(key)
    const memoryId = family.memoryId(id)
    const held = family.region.get(memoryId)
    const startedMs = engine.clock.now()
    const suspect = held !== undefined && startedMs < held.staleUntilMs ? held : undefined
    const { generation } = partitionAt(engine, partition).trust
    const plan = {
      key,
      partition,
      mode,
      generation,
      startedMs,
      id,
      memoryId,
      suspect,
      outer: scope,
      isShareable: isRegistered(engine, partition, startedMs),
      alone,
    }
    const flight = engine.flights.register(new KeyFlight(plan))
    flight.priority = priority
    return { flight, sharing: 'own', mode }
  }
}
