/**
 * Reads: memory first, then a flight that others may share. `hit` is the hit path,
 * measured in `bench`: one look-up, one look at the clock, a few comparisons, nothing
 * allocated (CONTRACT 11, 18).
 */
import type { FlightMode } from '../coherence/index.ts'
import type { GetOptions } from '../core/handle.ts'
import { Budget, type Priority, SharedSignals } from '../resilience/index.ts'
import type { After, Need } from './after.ts'
import type { Chains } from './async-scope.ts'
import { type Engine, partitionAt } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { loadCycle } from './faults.ts'
import type { Fetcher } from './fetcher.ts'
import { KeyFlight } from './flight-of.ts'
import type { Gatherer } from './gatherer.ts'
import { isRegistered, mayJoin } from './joining.ts'
import { type LoadScope, relationOf, type Scope } from './load-scope.ts'
import type { OldValues } from './old-values.ts'
import { type Patience, patienceOf, waitFor } from './patience.ts'
import { type Answer, Ride, Seat, type Tell } from './seat.ts'
import type { WriteScope } from './write-scope.ts'

export interface ReaderParts {
  readonly engine: Engine
  readonly fetcher: Fetcher
  readonly gatherer: Gatherer
  readonly after: After
  readonly old: OldValues
  readonly scope: LoadScope
  readonly writes: WriteScope
  /** Of sources and writes. */
  readonly chains: Chains
}

/** What all keys of a call have in common. */
interface Call {
  /** The source that asks, if one does. */
  readonly scope: Scope | undefined
  readonly priority: Priority
  readonly startedMs: number
}

interface Wish {
  readonly id: unknown
  readonly key: string
  readonly mode: FlightMode
  readonly alone: KeyFlight['alone']
}

/** What one call asks for; the ids are those of the cache, nobody changes them meanwhile. */
export interface ReadRequest {
  readonly ids: readonly unknown[]
  readonly options: GetOptions
}

/** Whom an answer is told, and how long they wait for it. */
interface Following {
  /** Undefined: without end. */
  readonly patience: Patience | undefined
  readonly tell: Tell
  readonly index: number
}

/** Not with an error of the source. */
function failedWith(key: string, error: unknown): Answer {
  return { kind: 'failed', key, error, isOfSource: false }
}

export class Reader {
  readonly #parts: ReaderParts
  readonly #scope: LoadScope
  readonly #writes: WriteScope
  readonly #chains: Chains
  readonly #signals = new SharedSignals()

  constructor(parts: ReaderParts) {
    this.#parts = parts
    this.#scope = parts.scope
    this.#writes = parts.writes
    this.#chains = parts.chains
  }

  /** Called by a source, or by a write: then what `get` may do depends on the key. */
  get isInScope(): boolean {
    return this.#chains.count > 0 && (this.#asking !== undefined || this.#writes.isEntered)
  }

  /** What a source asks for is as urgent as what it is asked for. */
  priorityOf({ priority }: GetOptions): Priority {
    return priority ?? this.#asking?.priority ?? 'read'
  }

  /** The source that asks. */
  get #asking(): Scope | undefined {
    const scope = this.#scope.current
    return scope?.isOver === true ? undefined : scope
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
    return family.region.serve(id, partitions, clock.now())
  }

  /**
   * Tells an answer for each id, which may be its failure while others have their value. The
   * options have been checked; rejects with what is wrong with an id, and then tells nothing.
   */
  async read(family: FamilyRuntime, { ids, options }: ReadRequest, tell: Tell): Promise<void> {
    const { engine } = this.#parts
    const patience = patienceOf(options, { clock: engine.clock, signals: this.#signals })
    const keys = ids.map((id) => family.keyText(id))
    this.#refuseCycles(family, keys)
    const budget = new Budget(engine.clock, engine.settings.budgetMs)
    const asked = this.#needs(keys, options, budget)
    const left = asked instanceof Promise ? await patience.outlast(asked) : undefined
    if (left !== undefined) {
      for (const [index, key] of keys.entries()) tell(failedWith(key, left(key)), index)
      return
    }
    const needs = await asked
    const rides = new Map<string, Ride>()
    const started: KeyFlight[] = []
    const call = this.#callOf(options)
    const { isInScope } = this
    for (const [index, key] of keys.entries()) {
      const id: unknown = ids[index]
      const alone = isInScope ? this.#aloneWith(key, call.scope) : undefined
      const need = needs(key)
      const held = alone ? undefined : this.#fromMemory(family, { id, key, call }, need)
      if (held !== undefined) {
        tell(held, index)
        continue
      }
      let ride = rides.get(key)
      if (ride === undefined) {
        ride = this.#board(family, { id, key, mode: alone ? 'fresh' : need.mode, alone }, call)
        rides.set(key, ride)
        if (ride.sharing === 'own') started.push(ride.flight)
      }
      ride.flight.join()
      this.#follow(family, ride, { patience, tell, index })
    }
    this.#depart(family, started, { budget, mayGather: options.after === undefined })
  }

  /** The same for one id without options, of which memory has been asked already. */
  readOne(family: FamilyRuntime, id: unknown, tell: Tell): void {
    const held = this.#lookCloser(family, id)
    if (held !== undefined) {
      tell(held, 0)
      return
    }
    const startedMs = this.#parts.engine.clock.now()
    const wish = { id, key: family.keyText(id), mode: 'bounded', alone: undefined } as const
    const ride = this.#board(family, wish, { scope: undefined, priority: 'read', startedMs })
    ride.flight.join()
    if (ride.sharing === 'own') this.#parts.gatherer.add(family, ride.flight)
    this.#follow(family, ride, { patience: undefined, tell, index: 0 })
  }

  /** Tells the answer when the flight has landed, or its caller has left. */
  #follow(family: FamilyRuntime, ride: Ride, { patience, tell, index }: Following): void {
    const { isAging } = family.lifetimes
    if (isAging) this.#followSoftly(family, ride, { patience, tell, index })
    else waitFor(ride.flight, patience, new Seat(ride, tell, index))
  }

  /** An old value may be told before the flight has landed. */
  #followSoftly(family: FamilyRuntime, ride: Ride, { patience, tell, index }: Following): void {
    const { flight, mode } = ride
    const answering = new Promise<Answer>((resolve) => {
      waitFor(flight, patience, new Seat(ride, resolve, index))
    })
    void this.#parts.old
      .soften(family, { flight, mode }, answering)
      .then((softened) => tell(softened, index))
  }

  #callOf(options: GetOptions): Call {
    const scope = this.#asking
    return { scope, priority: this.priorityOf(options), startedMs: this.#parts.engine.clock.now() }
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
    const asking = this.#asking
    if (asking === undefined) return
    const key = keys.find((one) => relationOf(asking, one) === 'cycle')
    if (key !== undefined) throw loadCycle(family.name, key, asking.chain)
  }

  /** Why the caller must have a load of its own that is stored nowhere. */
  #aloneWith(key: string, scope: Scope | undefined): KeyFlight['alone'] {
    if (this.#writes.covers(key)) return 'quarantined'
    return relationOf(scope, key) === 'beside' ? 'nested' : undefined
  }

  /** How far each key must be read; asynchronous only where a token says so. */
  #needs(
    keys: readonly string[],
    options: GetOptions,
    budget: Budget,
  ): Promise<(key: string) => Need> | ((key: string) => Need) {
    const { engine, after } = this.#parts
    const asked: FlightMode = options.consistency ?? 'bounded'
    const mode = asked === 'bounded' && this.#asking !== undefined ? 'strict' : asked
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
    { id, key, call }: Pick<Wish, 'id' | 'key'> & { readonly call: Call },
    need: Need,
  ): Answer | undefined {
    if (need.mode === 'strict') return undefined
    // All ids of a call at one time.
    const slot = family.region.serve(id, this.#parts.engine.partitions, call.startedMs)
    if (slot < 0) return need.mode === 'bounded' ? this.#lookCloser(family, id) : undefined
    const entry = family.region.entryAt(slot)
    const isGood = need.mode === 'bounded' || entry.bornMs >= need.loadedSinceMs
    return isGood ? { kind: 'hit', key, entry } : undefined
  }

  #board(family: FamilyRuntime, wish: Wish, { scope, priority, startedMs }: Call): Ride {
    const { engine } = this.#parts
    const { id, key, mode, alone } = wish
    const isFlying = alone === undefined && engine.flights.has(key)
    const joined = isFlying && engine.flights.find(key, mayJoin(engine, { mode, scope }))
    if (joined) {
      joined.raise(priority)
      return new Ride(joined, joined.isGathering ? 'gathering' : 'flying', mode)
    }
    const partition = engine.store.partitionOf(key)
    const memoryId = family.memoryId(id)
    const held = family.region.get(memoryId)
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
    return new Ride(flight, 'own', mode)
  }
}
