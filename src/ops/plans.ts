/**
 * Plans: what a dry run has shown, kept so that exactly that is executed and nothing else. Each
 * is good once, for a minute, for the user and by the route that made it, in that process.
 */
import type { Chance, Clock } from '../core/contracts/clock.ts'
import { Refusal } from './problem.ts'

export const planMs = 60_000
/** The oldest goes first. */
export const plansMax = 100

/** What is to be done, by which route. */
export interface Planned<T> {
  readonly route: string
  readonly change: T
  /** What has to be typed; undefined: nothing. */
  readonly confirm: string | undefined
}

/** What is sent to have a plan carried out. */
export interface Redemption {
  readonly user: string
  readonly route: string
  readonly planId: string
  readonly typed: unknown
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
  take({ user, route, planId, typed }: Redemption): T {
    const plan = this.#plans.get(planId)
    const isGood = plan?.user === user && plan.route === route && plan.endMs > this.#clock.now()
    if (plan === undefined || !isGood) {
      throw new Refusal('PLAN_UNKNOWN', 'Make a dry run again: a plan is good once, for a minute.')
    }
    if (plan.confirm !== undefined && typed !== plan.confirm) {
      throw new Refusal('CONFIRM_MISMATCH', `Type ${JSON.stringify(plan.confirm)}.`)
    }
    this.#plans.delete(planId)
    return plan.change
  }
}
