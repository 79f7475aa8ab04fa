/** The rate limits of one process, by name: whoever asks for one again gets the same. */
import type { LimiterOptions, LimiterStats, RateLimiter } from '../core/rate-limit.ts'
import { TokenBuckets } from '../resilience/index.ts'
import type { Engine } from './engine.ts'
import { limiterRedeclared, tooManyLimiters } from './faults.ts'
import type { Gate } from './gate.ts'
import { Limiter } from './limiter.ts'
import { limiterRules, rulesInWords } from './limiter-rules.ts'
import { TickTaker } from './tick-taker.ts'

/** Names; clients have buckets of one. */
export const limitersMax = 1_000

export class Limiters {
  readonly #engine: Engine
  readonly #taker: TickTaker
  readonly #closing: AbortSignal
  readonly #limiters = new Map<string, Limiter>()

  constructor(engine: Engine, gate: Gate, closing: AbortSignal) {
    this.#engine = engine
    this.#taker = new TickTaker(engine, gate)
    this.#closing = closing
  }

  /** Throws `SP_OPTION_…`. */
  limiter(name: string, options: LimiterOptions): RateLimiter {
    const rules = limiterRules(name, options)
    const known = this.#limiters.get(name)
    if (known === undefined) return this.#add(name, rules)
    const [expected, received] = [rulesInWords(known.rules), rulesInWords(rules)]
    if (expected !== received) throw limiterRedeclared(name, expected, received)
    return known
  }

  stats(): Readonly<Record<string, LimiterStats>> {
    const stats: Record<string, LimiterStats> = {}
    for (const [name, limiter] of this.#limiters) stats[name] = limiter.stats
    return stats
  }

  #add(name: string, rules: Limiter['rules']): Limiter {
    if (this.#limiters.size >= limitersMax) throw tooManyLimiters(limitersMax)
    const [engine, taker, closing] = [this.#engine, this.#taker, this.#closing]
    const local = new TokenBuckets(engine.clock)
    const limiter = new Limiter({ engine, taker, closing, local }, rules)
    this.#limiters.set(name, limiter)
    return limiter
  }
}
