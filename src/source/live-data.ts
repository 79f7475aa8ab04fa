/**
 * Live data from ordered sources. Those up to the one in use run, so that a better one is
 * noticed when it is back; those behind it rest. Whatever runs may tell of something newer:
 * only the order of a value decides whether it is taken, never who told of it.
 */
import type { Chance, Clock, Timer } from '../core/contracts/clock.ts'
import { type Fields, integerIn, invalid } from '../core/option-checks.ts'
import type { Logger } from '../core/options.ts'
import { Intake } from './intake.ts'
import type { ResolvedLiveData } from './live-options.ts'
import { type HealthChange, LiveSource } from './live-source.ts'
import type { Datum, LiveEvent, LiveStats, SwitchReason } from './live-stats.ts'
import { Newest, type Page } from './newest.ts'
import { nextLookMs, preferredPlace, type Ranking } from './preference.ts'

export interface LiveData<V> {
  /** The newest value that is known, whether or not its source is still up. */
  get(key: string): Datum<V> | undefined
  /** So many from there on, in the order in which keys were first seen. */
  page(page: Page): readonly Datum<V>[]
  stats(): LiveStats
  /** Switches a source on; it is relied on when it has been up for `returnAfter`. */
  enable(source: string): void
  /** Switches a source off; if it was the one in use, another one is at once. */
  disable(source: string): void
  /** Idempotent. Leaves no timer, and waits up to a second for what is under way. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface LiveDataParts {
  readonly clock: Clock
  readonly chance: Chance
}

const closeMsMax = 1_000
const pageRange = { min: 0, max: 1_000_000_000 }

export class OrderedLiveData<V> implements LiveData<V> {
  readonly #options: ResolvedLiveData<V>
  readonly #clock: Clock
  readonly #newest: Newest<V>
  readonly #sources: readonly LiveSource[]
  #active: number | undefined
  #switches = 0
  #observerErrors = 0
  #look: Timer | undefined
  #review: 'none' | 'running' | 'again' = 'none'
  /** From the first step of closing on nothing is chosen or told. */
  #isClosing = false
  #closed: Promise<void> | undefined

  constructor(options: ResolvedLiveData<V>, parts: LiveDataParts) {
    this.#options = options
    this.#clock = parts.clock
    this.#newest = new Newest(options.keysMax)
    const { given, fallMs, returnMs } = options
    const onData = (data: readonly Datum<V>[]) => this.#tell(() => given.onData?.(data))
    const intake = new Intake({ given, newest: this.#newest, clock: parts.clock, onData })
    const onChange = (change: HealthChange) => this.#changed(change)
    this.#sources = options.sources.map(
      (source) => new LiveSource(source, { ...parts, intake, fallMs, returnMs, onChange }),
    )
    this.#choose('opened')
  }

  get(key: string): Datum<V> | undefined {
    return this.#newest.get(key)
  }

  page(page: Page): readonly Datum<V>[] {
    return this.#newest.page({ offset: placeIn(page, 'offset'), limit: placeIn(page, 'limit') })
  }

  stats(): LiveStats {
    return {
      active: this.#nameOf(this.#active),
      switches: this.#switches,
      keys: this.#newest.size,
      evicted: this.#newest.evicted,
      observerErrors: this.#observerErrors,
      sources: this.#sources.map((source) => source.stats()),
    }
  }

  enable(name: string): void {
    this.#named(name).enable()
  }

  disable(name: string): void {
    this.#named(name).disable()
  }

  close(): Promise<void> {
    this.#isClosing = true
    this.#closed ??= this.#end()
    return this.#closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #end(): Promise<void> {
    this.#look?.cancel()
    const ended = Promise.all(this.#sources.map((source) => source.close()))
    await new Promise<void>((resolve) => {
      const deadline = this.#clock.timer(closeMsMax, resolve)
      void ended.then(() => {
        deadline.cancel()
        resolve()
      })
    })
  }

  #changed({ source, before, error }: HealthChange): void {
    const state = source.health.is
    this.#notify({ kind: 'state', source: source.name, before: before.is, state, error })
    this.#choose(before.is === 'off' ? 'enabled' : state === 'off' ? 'disabled' : undefined)
  }

  /** Starting a source may change its health at once: then it is chosen again. */
  #choose(why?: SwitchReason): void {
    if (this.#isClosing) return
    const isNested = this.#review !== 'none'
    this.#review = isNested ? 'again' : 'running'
    if (isNested) return
    let ranking = this.#ranking()
    this.#use(preferredPlace(ranking), why)
    while (this.#review === 'again' || ranking.active !== this.#active) {
      this.#review = 'running'
      ranking = this.#ranking()
      this.#use(preferredPlace(ranking))
    }
    this.#review = 'none'
    this.#lookAgain(ranking)
  }

  #use(place: number | undefined, why?: SwitchReason): void {
    const before = this.#active
    this.#active = place
    if (place !== before) this.#switched(before, why)
    for (const [at, source] of this.#sources.entries()) {
      // Whoever was told may have closed it.
      if (this.#isClosing) return
      if (place !== undefined && at <= place) source.start()
      else source.rest()
    }
  }

  #switched(before: number | undefined, why: SwitchReason | undefined): void {
    const { from, to } = { from: this.#nameOf(before), to: this.#nameOf(this.#active) }
    if (why !== 'opened') this.#switches++
    this.#sources[before ?? -1]?.activated(false)
    this.#sources[this.#active ?? -1]?.activated(true)
    const isBetter = before !== undefined && (this.#active ?? before) < before
    this.#notify({
      kind: 'switched',
      from,
      to,
      why: why ?? (isBetter ? 'recovered' : 'down'),
    })
  }

  /** Later than the moment of the last choice, though it may have passed meanwhile. */
  #lookAgain(last: Ranking): void {
    this.#look?.cancel()
    const dueMs = nextLookMs(last)
    if (dueMs === undefined || this.#isClosing) return
    this.#look = this.#clock.timer(dueMs - this.#clock.now(), () => this.#choose())
  }

  #ranking(): Ranking {
    return {
      healths: this.#sources.map((source) => source.health),
      active: this.#active,
      nowMs: this.#clock.now(),
      returnMs: this.#options.returnMs,
    }
  }

  #named(name: string): LiveSource {
    const found = this.#sources.find((source) => source.name === name)
    if (found !== undefined) return found
    const names = this.#sources.map((source) => source.name).join(', ')
    throw invalid(`live data '${this.#options.name}'`, 'source', `one of ${names}`, name)
  }

  #nameOf(place: number | undefined): string | undefined {
    return place === undefined ? undefined : this.#sources[place]?.name
  }

  #notify(event: LiveEvent): void {
    const { given, name } = this.#options
    if (this.#isClosing) return
    this.#tell(() => given.onEvent?.(event))
    this.#tell(() => given.log !== undefined && logEvent(given.log, name, event))
  }

  /** Whoever is told can't stop what is told of. */
  #tell(tell: () => unknown): void {
    try {
      tell()
    } catch {
      this.#observerErrors++
    }
  }
}

function logEvent(log: Logger, data: string, event: LiveEvent): void {
  if (event.kind === 'switched') {
    const { from, to, why } = event
    const level = why === 'down' || to === undefined ? 'warn' : 'info'
    log[level]({ data, from, to, why }, 'live data come from another source')
    return
  }
  const { source, before, state, error } = event
  if (state === 'up') log.info({ data, source }, 'live source is up')
  else if (before === 'up' && state === 'down') {
    log.warn({ data, source, err: error }, 'live source is down')
  } else log.debug({ data, source, before, state }, 'live source has changed')
}

function placeIn(page: Page, name: 'offset' | 'limit'): number {
  const fields: Fields = { ...page }
  const place = integerIn('page', fields, name, pageRange)
  if (place === undefined) throw invalid('page', name, 'an integer', undefined)
  return place
}
