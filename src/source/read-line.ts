/** One of several places to read from: its switch, its breaker, its numbers, and its deadline. */
import type { Chance, Clock } from '../core/contracts/clock.ts'
import { describe } from '../core/describe.ts'
import { StaleproofError } from '../core/errors.ts'
import type { Logger } from '../core/options.ts'
import type { Loaded, SourceContext } from '../core/source.ts'
import type { BreakerStats } from '../core/stats.ts'
import { SourceBreaker } from '../resilience/index.ts'
import type { ResolvedReadSource } from './first-of-options.ts'

/** One source; counters only rise. */
export interface ReadSourceStats {
  readonly name: string
  readonly isEnabled: boolean
  readonly calls: number
  /** Ids that it had, and ids that it did not have. */
  readonly found: number
  readonly missed: number
  /** State, failures, calls not made, and how long calls took. */
  readonly breaker: BreakerStats
}

export interface ReadLineParts {
  readonly clock: Clock
  readonly chance: Chance
  readonly log: Logger | undefined
  /** Of all of them, for the log. */
  readonly group: string
}

export class ReadLine<Id, V> {
  readonly name: string
  isEnabled: boolean
  readonly #source: ResolvedReadSource<Id, V>
  readonly #clock: Clock
  readonly #breaker: SourceBreaker
  #calls = 0
  #found = 0
  #missed = 0

  constructor(source: ResolvedReadSource<Id, V>, { clock, chance, log, group }: ReadLineParts) {
    this.name = source.name
    this.isEnabled = source.isEnabled
    this.#source = source
    this.#clock = clock
    this.#breaker = new SourceBreaker(source.breaker, {
      clock,
      chance,
      onChange: ({ before, state, retryMs }) => {
        const fields = { sources: group, source: source.name, state, retryMs }
        if (state === 'closed') log?.info(fields, 'source is asked again')
        else if (before === 'closed') log?.warn(fields, 'source is not asked for a while')
        else log?.debug(fields, 'source is tried')
      },
    })
  }

  /** Values aligned with `ids`. Rejects with its error, or that of its breaker. */
  async ask(ids: readonly Id[], context: SourceContext): Promise<readonly Loaded<V>[]> {
    const startedMs = this.#clock.now()
    const blockedMs = this.#breaker.blockedForMs(startedMs)
    if (blockedMs !== undefined) {
      this.#breaker.refused()
      throw notAsked(this.name, blockedMs)
    }
    const ticket = this.#breaker.begin(startedMs)
    this.#calls++
    try {
      const values = await this.#withinTimeout(ids, context)
      this.#breaker.end(ticket, 'succeeded', startedMs)
      const found = values.filter((value) => value !== undefined).length
      this.#found += found
      this.#missed += values.length - found
      return values
    } catch (error) {
      // Callers that have left say nothing about the source.
      this.#breaker.end(ticket, context.signal.aborted ? 'ignored' : 'failed', startedMs)
      throw error
    }
  }

  stats(): ReadSourceStats {
    return {
      name: this.name,
      isEnabled: this.isEnabled,
      calls: this.#calls,
      found: this.#found,
      missed: this.#missed,
      breaker: this.#breaker.stats(),
    }
  }

  async #withinTimeout(
    ids: readonly Id[],
    { signal }: SourceContext,
  ): Promise<readonly Loaded<V>[]> {
    const { timeoutMs, many, name } = this.#source
    const own = new AbortController()
    const leave = () => own.abort(signal.reason)
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave)
    const timer = this.#clock.timer(timeoutMs, () => own.abort(tooSlow(name, timeoutMs)))
    try {
      const left = new Promise<never>((_, reject) => {
        own.signal.addEventListener('abort', () => reject(own.signal.reason))
      })
      const values = await Promise.race([many(ids, { signal: own.signal }), left])
      if (Array.isArray(values) && values.length === ids.length) return values
      throw misshapen(name, ids.length, values)
    } finally {
      timer.cancel()
      signal.removeEventListener('abort', leave)
    }
  }
}

function notAsked(name: string, retryAfterMs: number): StaleproofError {
  const message = `The breaker of '${name}' is open`
  return new StaleproofError('SP_SOURCE_UNAVAILABLE', message, { retryAfterMs })
}

function tooSlow(name: string, timeoutMs: number): StaleproofError {
  return new StaleproofError('SP_SOURCE_TIMEOUT', `No answer of '${name}' within ${timeoutMs} ms`)
}

function misshapen(name: string, ids: number, values: unknown): StaleproofError {
  const details = { expected: `an array of ${ids}`, received: describe(values) }
  return new StaleproofError('SP_SOURCE_SHAPE', `'${name}' has not answered every id`, details)
}
