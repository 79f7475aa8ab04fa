/**
 * Plans: what a dry run has shown, kept so that exactly that is executed and nothing else. Each
 * is good once, for a minute, and for the user who made it, in the process that made it.
 */
import type { Chance, Clock } from '../core/contracts/clock.ts'
import { Refusal } from './problem.ts'

export const planMs = 60_000
/** The oldest goes first. */
export const plansMax = 100

/** What is to be done. */
export interface Planned<T> {
  readonly change: T
  /** What has to be typed; undefined: nothing. */
  readonly confirm: string | undefined
}

export class Plans<T> {
  readonly #plans = new Map<
    string,
    Planned<T> & { readonly user: string; readonly endMs: number }
  >()
  readonly #clock: Clock
  readonly #chance: Chance

  constructor(clock: Clock, chance: Chance) {
    this.#clock = clock
    this.#chance = chance
  }

  get count(): number {
    return this.#plans.size
  }

  /** Returns its id. */
  keep(user: string, plan: Planned<T>): string {
    const planId = this.#chance.token()
    this.#plans.set(planId, { ...plan, user, endMs: this.#clock.now() + planMs })
    const [oldest] = this.#plans.keys()
    if (this.#plans.size > plansMax && oldest !== undefined) this.#plans.delete(oldest)
    return planId
  }

  /** Takes a plan away to be executed. Throws a refusal, and then keeps what is not over. */
  take(user: string, planId: string, typed: unknown): T {
    const plan = this.#plans.get(planId)
    if (plan === undefined || plan.user !== user || plan.endMs <= this.#clock.now()) {
      throw new Refusal('PLAN_UNKNOWN', 'Make a dry run again: a plan is good once, for a minute.')
    }
    if (plan.confirm !== undefined && typed !== plan.confirm) {
      throw new Refusal('CONFIRM_MISMATCH', `Type ${JSON.stringify(plan.confirm)}.`)
    }
    this.#plans.delete(planId)
    return plan.change
  }
}
