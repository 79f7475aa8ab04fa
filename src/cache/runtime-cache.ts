/** The cache as a whole: what concerns no single family. */
import type { CacheAbout } from '../core/about.ts'
import type { BreakerOptions } from '../core/breaker-policy.ts'
import type { CacheMethods, Mutated } from '../core/cache.ts'
import type { Debounce, DebounceOptions } from '../core/debounce.ts'
import { describe } from '../core/describe.ts'
import { StaleproofError } from '../core/errors.ts'
import type { Explanation } from '../core/explanation.ts'
import { checkPattern } from '../core/glob.ts'
import type {
  FamilyView,
  InvalidateKeysOptions,
  InvalidateOptions,
  LockOptions,
  MutateOptions,
  PatternOptions,
} from '../core/handle.ts'
import type { Key } from '../core/key.ts'
import type { KeyListing, KeysOptions } from '../core/key-listing.ts'
import type { Observer } from '../core/outcome.ts'
import type { LimiterOptions, RateLimiter } from '../core/rate-limit.ts'
import type { Receipt } from '../core/receipt.ts'
import type { BreakerName, RedisBreakerOptions } from '../core/resilience-options.ts'
import type {
  CacheStats,
  FamilyStats,
  Health,
  PendingInvalidation,
  RedisStats,
} from '../core/stats.ts'
import { encodeTag } from '../core/tag.ts'
import type { Closing } from './closing.ts'
import type { Debounces } from './debounces.ts'
import type { Engine } from './engine.ts'
import type { ErrorMemory } from './error-memory.ts'
import type { Locate } from './evictor.ts'
import type { Explainer } from './explainer.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { RuntimeView } from './family-view.ts'
import { closedError } from './faults.ts'
import type { Invalidator, Target } from './invalidator.ts'
import { listKeys } from './key-lister.ts'
import { resolveKeys } from './keys-options.ts'
import type { Limiters } from './limiters.ts'
import type { LockedWork, Locker } from './locker.ts'
import type { Mutator } from './mutator.ts'
import type { PatternInvalidator } from './pattern-invalidator.ts'
import type { Pulse } from './pulse.ts'
import type { SourceGuards } from './source-guards.ts'
import {
  checkFunction,
  checkInvalidate,
  checkInvalidateKeys,
  checkMutate,
  checkPatternOptions,
} from './write-options.ts'

export interface RuntimeCacheParts {
  readonly engine: Engine
  readonly invalidator: Invalidator
  readonly patterns: PatternInvalidator
  readonly mutator: Mutator
  readonly locker: Locker
  readonly limiters: Limiters
  readonly guards: SourceGuards
  readonly errors: ErrorMemory
  readonly debounces: Debounces
  readonly families: ReadonlyMap<string, FamilyRuntime>
  readonly views: ReadonlyMap<string, RuntimeView>
  readonly closing: Closing
  readonly pulse: Pulse
  readonly about: CacheAbout
  readonly explainer: Explainer
  readonly locate: Locate
}

export class RuntimeCache implements CacheMethods {
  readonly #parts: RuntimeCacheParts

  constructor(parts: RuntimeCacheParts) {
    this.#parts = parts
  }

  get families(): ReadonlyMap<string, FamilyRuntime> {
    return this.#parts.families
  }

  async invalidate(keys: readonly Key[], options: InvalidateKeysOptions = {}): Promise<Receipt> {
    this.#refuseClosed()
    checkInvalidateKeys(options)
    return this.#parts.invalidator.invalidate(this.#targetsOf(keys), options)
  }

  async invalidateTag(
    tags: string | readonly string[],
    options: InvalidateOptions = {},
  ): Promise<Receipt> {
    this.#refuseClosed()
    checkInvalidate(options)
    const encoded = new Set([tags].flat().map(encodeTag))
    return this.#parts.invalidator.invalidateTags([...encoded], options)
  }

  async invalidatePattern(pattern: string, options: PatternOptions = {}): Promise<Receipt> {
    this.#refuseClosed()
    checkPatternOptions(options)
    return this.#parts.patterns.invalidate(checkPattern(pattern), options)
  }

  async clear(options: InvalidateOptions = {}): Promise<Receipt> {
    this.#refuseClosed()
    checkInvalidate(options)
    return this.#parts.invalidator.clear(options)
  }

  mutate<T>(
    keys: readonly Key[] | ((result: T) => readonly Key[]),
    write: () => T | PromiseLike<T>,
    options: MutateOptions & { readonly receipt: true },
  ): Promise<Mutated<T>>
  mutate<T>(
    keys: readonly Key[] | ((result: T) => readonly Key[]),
    write: () => T | PromiseLike<T>,
    options?: MutateOptions,
  ): Promise<T>
  async mutate<T>(
    keys: readonly Key[] | ((result: T) => readonly Key[]),
    write: () => T | PromiseLike<T>,
    options: MutateOptions = {},
  ): Promise<T | Mutated<T>> {
    const { mutator } = this.#parts
    this.#refuseClosed()
    checkMutate(options)
    checkFunction('mutate', 'write', write)
    if (typeof keys !== 'function') {
      return mutator.mutate({ keys: this.#targetsOf(keys), write, options })
    }
    return mutator.mutate({ keys: (result) => this.#targetsOf(keys(result)), write, options })
  }

  async lock<T>(name: string, options: LockOptions, work: LockedWork<T>): Promise<T> {
    this.#refuseClosed()
    checkFunction('lock', 'work', work)
    return this.#parts.locker.lock(name, options, work)
  }

  limiter(name: string, options: LimiterOptions): RateLimiter {
    this.#refuseClosed()
    return this.#parts.limiters.limiter(name, options)
  }

  debounce<K, V>(options: DebounceOptions<K, V>): Debounce<K, V> {
    this.#refuseClosed()
    return this.#parts.debounces.debounce(options)
  }

  configureBreaker(name: BreakerName, options: BreakerOptions | RedisBreakerOptions): void {
    this.#parts.guards.configure(name, options)
  }

  observe(observer: Observer): () => void {
    return this.#parts.engine.watchers.add(observer)
  }

  async keys(options: KeysOptions = {}): Promise<KeyListing> {
    this.#refuseClosed()
    return listKeys(this.#parts.engine.store, resolveKeys(options))
  }

  async explain(key: Key | string): Promise<Explanation> {
    this.#refuseClosed()
    const text: unknown = typeof key === 'string' ? key : key?.text
    const located = typeof text === 'string' ? this.#parts.locate(text) : undefined
    if (located === undefined || typeof text !== 'string') throw notKeys(key)
    return this.#parts.explainer.explain(located.family, { key: text, id: located.id })
  }

  about(): CacheAbout {
    return this.#parts.about
  }

  stats(): CacheStats {
    const { memory, flights, journal, delivery, clock, partitions, watchers } = this.#parts.engine
    const families: Record<string, FamilyStats> = {}
    const staleReads: Record<string, number> = {}
    let trustLosses = 0
    for (const { trust } of partitions) trustLosses += trust.losses
    for (const family of this.#parts.families.values()) {
      families[family.name] = family.counters.snapshot()
      staleReads[family.name] = family.counters.staleReads
    }
    return {
      families,
      memory: memory.stats(),
      flights: flights.count - this.#parts.errors.count,
      delivery: delivery.snapshot(journal, clock.wallMs()),
      mutations: this.#parts.mutator.stats(),
      limiters: this.#parts.limiters.stats(),
      coherence: { ...this.#parts.engine.meter.snapshot(), staleReads },
      redis: this.#redis(),
      sources: this.#parts.guards.sources(),
      breakers: this.#parts.guards.breakers(),
      trustLosses,
      observerErrors: watchers.errors,
    }
  }

  health(): Health {
    return this.#parts.pulse.take()
  }

  pending(): readonly PendingInvalidation[] {
    return [...this.#parts.engine.journal.list()]
  }

  settled(): Promise<void> {
    return this.#parts.engine.tasks.settled()
  }

  close(): Promise<void> {
    return this.#parts.closing.close()
  }

  family(name: string): FamilyView {
    return this.view(name)
  }

  /** Throws `SP_OPTION_INVALID` for a name that the catalog doesn't have. */
  view(name: string): RuntimeView {
    const view = this.#parts.views.get(name)
    if (view !== undefined) return view
    const expected = `one of ${[...this.#parts.views.keys()].join(', ')}`
    const details = { expected, received: describe(name) }
    throw new StaleproofError('SP_OPTION_INVALID', 'there is no such family', details)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #redis(): RedisStats {
    const { partitions, store, redis } = this.#parts.engine
    const connected = partitions.filter(({ index }) => store.connectedOf(index) !== undefined)
    return { partitions: partitions.length, connected: connected.length, pending: redis.pending }
  }

  #targetsOf(keys: readonly Key[]): readonly Target[] {
    if (!Array.isArray(keys)) throw notKeys(keys)
    // Holes count as keys too, and are refused as such.
    return Array.from(keys, (key: Key) => ({ family: this.#familyOf(key), key: key.text }))
  }

  #refuseClosed(): void {
    if (this.#parts.closing.hasBegun) throw closedError()
  }

  #familyOf(key: Key): FamilyRuntime {
    const family = this.#parts.families.get(key?.family)
    const isKey = typeof key?.text === 'string' && family?.template.parse(key.text) !== undefined
    if (family === undefined || !isKey) throw notKeys(key)
    return family
  }
}

function notKeys(received: unknown): StaleproofError {
  const details = { expected: 'keys made by cache.….key(id)', received: describe(received) }
  return new StaleproofError('SP_ID_TYPE', 'not keys of this catalog', details)
}
