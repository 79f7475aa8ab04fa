/** Invalidates through a running service. */
import type { DoneAnswer, MeAnswer, PlanAnswer } from '../../ops/index.ts'
import type { AdminApi } from '../connection/admin-api.ts'
import type { Changer, Done } from './changer.ts'
import type { Plan } from './plan.ts'
import type { Target } from './target.ts'

export class AdminChanger implements Changer {
  readonly environment: string
  readonly #api: AdminApi
  #planned: PlanAnswer | undefined

  static async open(api: AdminApi): Promise<AdminChanger> {
    return new AdminChanger(api, await api.get<MeAnswer>('me'))
  }

  constructor(api: AdminApi, { environment }: Pick<MeAnswer, 'environment'>) {
    this.#api = api
    this.environment = environment
  }

  async plan(target: Target): Promise<Plan> {
    const body = { ...bodyOf(target), dryRun: true }
    this.#planned = await this.#api.post<PlanAnswer>(routeOf(target), body)
    const { what, count, isEstimate, sample, confirm } = this.#planned
    return { what, count, isEstimate, sample, confirm }
  }

  async execute(target: Target, reason: string): Promise<Done> {
    const planned = this.#planned ?? raise(new RangeError('nothing was planned'))
    const { planId, confirm } = planned
    const body = { planId, confirm, reason, dryRun: false }
    const { reached, pending, ms } = await this.#api.post<DoneAnswer>(routeOf(target), body)
    return { reached, pending, ms }
  }

  async close(): Promise<void> {}
}

function routeOf(target: Target): string {
  return target.is === 'all' ? 'clear' : 'invalidate'
}

function bodyOf(target: Target): object {
  switch (target.is) {
    case 'keys':
      return { keys: target.keys }
    case 'tags':
      return { tags: target.tags }
    case 'family':
      return { family: target.family }
    case 'pattern':
      return { pattern: target.pattern }
    case 'all':
      return { scope: 'all' }
  }
}

function raise(error: Error): never {
  throw error
}
