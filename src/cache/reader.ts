/**
 * Reads: memory first, then a flight that others may share. `hit` is the hit path,
 * measured in `bench`: one look-up, one look at the clock, a few comparisons, nothing
 * allocated (CONTRACT 11, 18).
 */
import type { FlightMode, Landed } from '../coherence/index.ts'
import type { Entry } from '../core/entry.ts'
import type { GetOptions } from '../core/handle.ts'
import { Budget } from '../resilience/index.ts'
import type { After, Need } from './after.ts'
import { type Engine, partitionAt } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { idsExpected, loadCycle } from './faults.ts'
import type { Fetcher } from './fetcher.ts'
import { KeyFlight } from './flight-of.ts'
import type { Gatherer } from './gatherer.ts'
import { isRegistered, mayJoin } from './joining.ts'
import type { LoadScope, Scope } from './load-scope.ts'
import { patienceOf, waitFor } from './patience.ts'
import { SharedSignals } from './shared-signals.ts'
import type { WriteScope } from './write-scope.ts'

export interface ReaderParts {
  readonly engine: Engine
  readonly fetcher: Fetcher
  readonly gatherer: Gatherer
  readonly after: After
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
  /** Its caller is writing the key. */
  readonly isWriting: boolean
}

interface Ride {
  readonly flight: KeyFlight
  readonly sharing: Sharing
}

export class Reader {
  readonly #parts: ReaderParts
  readonly #signals = new SharedSignals()

  constructor(parts: ReaderParts) {
    this.#parts = parts
  }

  /** Called by a source, or by a write: then what `get` may do depends on the key. */
  get isInScope(): boolean {
    const { scope, writes } = this.#parts
    return scope.current !== undefined || writes.isEntered
  }

  /** What `peek` may serve: nothing of what its caller is writing. */
  peek(family: FamilyRuntime, id: unknown): Entry | undefined {
    const { writes } = this.#parts
    if (writes.isEntered && writes.covers(family.keyText(id))) return undefined
    return this.hit(family, id)
  }

  /** The entry that memory may serve without asking anybody. */
  hit(family: FamilyRuntime, id: unknown): Entry | undefined {
    const entry = family.region.get(family.memoryId(id))
    return entry !== undefined && this.#isServable(entry) ? entry : undefined
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
    const answers = keys.map((key, index): Promise<Answer> => {
      const id = ids[index]
      const isWriting = this.#parts.writes.covers(key)
      const need = needs(key)
      const entry = isWriting ? undefined : this.#fromMemory(family, id, need)
      if (entry !== undefined) return Promise.resolve({ kind: 'hit', key, entry })
      const known = rides.get(key)
      const mode = isWriting ? 'fresh' : need.mode
      const wish = { id, key, mode, scope: scope.current, isWriting }
      const ride = known ?? this.#board(family, wish)
      if (known === undefined) {
        rides.set(key, ride)
        if (ride.sharing === 'own') started.push(ride.flight)
      }
      void ride.flight.join()
      return waitFor(ride.flight, patience).then(
        (landed) => ({ kind: 'flown', key, landed, sharing: ride.sharing }),
        (error) => ({ kind: 'failed', key, error, isOfSource: ride.flight.isErrorOfSource(error) }),
      )
    })
    if (started.length > 0) engine.tasks.run(this.#parts.fetcher.fetch(family, started, budget))
    return answers
  }

  /** The same for one id without options, of which memory has been asked already. */
  async readOne(family: FamilyRuntime, id: unknown): Promise<Answer> {
    const key = family.keyText(id)
    const wish = { id, key, mode: 'bounded', scope: undefined, isWriting: false } as const
    const ride = this.#board(family, wish)
    const { flight, sharing } = ride
    const landing = flight.join()
    if (sharing === 'own') this.#parts.gatherer.add(family, flight)
    try {
      return { kind: 'flown', key, landed: await landing, sharing }
    } catch (error) {
      return { kind: 'failed', key, error, isOfSource: flight.isErrorOfSource(error) }
    }
  }

  #isServable(entry: Entry): boolean {
    const { engine } = this.#parts
    const { trust, groups } = partitionAt(engine, entry.partition)
    const now = engine.clock.now()
    return (
      now < entry.untilMs &&
      now < trust.untilMs &&
      entry.generation === trust.generation &&
      groups.covers(entry.clock, entry.tags)
    )
  }

  /** Before anything is registered: a chain of loads can't wait for itself. */
  #refuseCycles(family: FamilyRuntime, keys: readonly string[]): void {
    const chain = this.#parts.scope.current?.chain ?? []
    const key = keys.find((one) => chain.includes(one))
    if (key !== undefined) throw loadCycle(family.name, key, chain)
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

  #fromMemory(family: FamilyRuntime, id: unknown, need: Need): Entry | undefined {
    if (need.mode === 'strict') return undefined
    const entry = this.hit(family, id)
    if (entry === undefined || need.mode === 'bounded') return entry
    return entry.bornMs >= need.loadedSinceMs ? entry : undefined
  }

  #board(family: FamilyRuntime, wish: Wish): Ride {
    const { engine } = this.#parts
    const { id, key, mode, scope, isWriting } = wish
    const joined = isWriting
      ? undefined
      : engine.flights.find(key, mayJoin(engine, { mode, scope }))
    if (joined !== undefined) {
      return { flight: joined, sharing: joined.isGathering ? 'gathering' : 'flying' }
    }
    const partition = engine.store.partitionOf(key)
    const memoryId = family.memoryId(id)
    const held = family.region.get(memoryId)
    const startedMs = engine.clock.now()
    const suspect = held !== undefined && startedMs < held.untilMs ? held : undefined
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
      isWriting,
    }
    return { flight: engine.flights.register(new KeyFlight(plan)), sharing: 'own' }
  }
}
