/** Changes that a page asks for: planned first, then executed by the id of the plan. */
import type { DoneAnswer, PlanAnswer } from 'staleproof/ops'
import { hostileKey } from './fake-families.ts'

export class Refusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.status = status
    this.code = code
  }
}

/** Not the number of keys: a change reaches processes. */
const processesTold = 5

export class FakePlans {
  /** What was asked, in its order. */
  readonly bodies: { readonly route: string; readonly body: Record<string, unknown> }[] = []
  /** Plans that were executed. */
  readonly executed: string[] = []
  readonly #plans = new Map<string, PlanAnswer>()

  change(route: string, body: Record<string, unknown>, atMs: number): unknown {
    this.bodies.push({ route, body })
    const stamp = { schemaVersion: 1, atMs } as const
    if (route === 'doctor/run') return { ...stamp, report: undefined, isRunning: true }
    if (route === 'invalidate' || route === 'clear') {
      return body.dryRun === true ? this.#plan(route, body, stamp) : this.#execute(body, stamp)
    }
    const done: DoneAnswer = { ...stamp, what: route, reached: 1, pending: 0, ms: 12 }
    return done
  }

  #plan(route: string, body: Record<string, unknown>, stamp: Stamp): PlanAnswer {
    const isAll = route === 'clear'
    const name = isAll ? 'ALL' : String(body.family ?? body.pattern ?? 'this key')
    const plan: PlanAnswer = {
      ...stamp,
      planId: `plan-${this.#plans.size + 1}`,
      what: isAll ? 'Clears every family.' : `Invalidates ${name}.`,
      count: isAll ? 412_880 : 1204,
      isEstimate: isAll,
      withheld: [],
      sample: ['user:17', 'user:18', hostileKey],
      confirm: name,
      needsConfirm: body.keys === undefined,
    }
    this.#plans.set(plan.planId, plan)
    return plan
  }

  #execute(body: Record<string, unknown>, stamp: Stamp): DoneAnswer {
    const plan = this.#plans.get(String(body.planId))
    if (plan === undefined) throw new Refusal(409, 'PLAN_UNKNOWN', 'The plan is not known')
    if (body.confirm !== plan.confirm) throw new Refusal(409, 'CONFIRM_MISMATCH', 'Not confirmed')
    this.executed.push(plan.planId)
    return { ...stamp, what: plan.what, reached: processesTold, pending: 0, ms: 41 }
  }
}

interface Stamp {
  readonly schemaVersion: 1
  readonly atMs: number
}
