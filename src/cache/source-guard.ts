/**
 * What stands before the source of a family: its own breaker, that of the dependency it
 * asks, and the bulkhead that bounds its calls. Whoever may serve an old value instead asks
 * `refusal` first.
 */

import { isStaleproofError, type StaleproofError } from '../core/errors.ts'
import type { BreakerName } from '../core/resilience-options.ts'
import type { SourceRules } from '../core/source-rules.ts'
import { Bulkhead, type SourceBreaker, type Verdict } from '../resilience/index.ts'
import { sourceUnavailable } from './faults.ts'

export interface NamedBreaker {
  readonly name: BreakerName
  readonly breaker: SourceBreaker
}

export interface SourceGuardParts {
  readonly family: string
  readonly rules: SourceRules
  readonly breakers: readonly NamedBreaker[]
}

export class SourceGuard {
  readonly rules: SourceRules
  readonly bulkhead: Bulkhead
  readonly #family: string
  readonly #breakers: readonly NamedBreaker[]

  constructor({ family, rules, breakers }: SourceGuardParts) {
    this.rules = rules
    this.bulkhead = new Bulkhead(rules)
    this.#family = family
    this.#breakers = breakers
  }

  /** Why the source would not be asked now; undefined: it would be. Changes and counts nothing. */
  refusal(nowMs: number): StaleproofError | undefined {
    return this.#refusedBy(nowMs)?.error
  }

  /** Throws `SP_SOURCE_UNAVAILABLE` for a call that would not be let through. */
  refuse(nowMs: number): void {
    const refused = this.#refusedBy(nowMs)
    if (refused === undefined) return
    refused.breaker.refused()
    throw refused.error
  }

  /** Lets a call through, or throws as `refuse` does. Its tickets go back to `passed`. */
  pass(nowMs: number): readonly number[] {
    this.refuse(nowMs)
    return this.#breakers.map(({ breaker }) => breaker.begin(nowMs))
  }

  /** How a call ended that was let through at that time. */
  passed(tickets: readonly number[], verdict: Verdict, startedMs: number): void {
    tickets.forEach((ticket, index) => {
      this.#breakers[index]?.breaker.end(ticket, verdict, startedMs)
    })
  }

  /** What an error of the source itself says about what it asks. */
  verdictOf(error: unknown): Verdict {
    return this.#isAboutSource(error) && this.#isFailure(error) ? 'failed' : 'ignored'
  }

  #refusedBy(
    nowMs: number,
  ): { readonly breaker: SourceBreaker; readonly error: StaleproofError } | undefined {
    for (const { name, breaker } of this.#breakers) {
      const blockedMs = breaker.blockedForMs(nowMs)
      if (blockedMs === undefined) continue
      return { breaker, error: sourceUnavailable(this.#family, name, Math.ceil(blockedMs)) }
    }
    return undefined
  }

  /** Errors of ours that come through it, of other families, were told to those. */
  #isAboutSource(error: unknown): boolean {
    if (!isStaleproofError(error)) return true
    const isOfSource = error.code === 'SP_LOAD_TIMEOUT' || error.code === 'SP_SOURCE_SHAPE'
    return isOfSource && error.family === this.#family
  }

  /** An author's function that throws has not said that it is none. */
  #isFailure(error: unknown): boolean {
    try {
      return this.rules.isFailure(error)
    } catch {
      return true
    }
  }
}
