/** Who can invalidate: the admin API of a service, or a cache that the command opens itself. */
import { StaleproofError } from '../../core/errors.ts'
import type { Call } from '../command.ts'
import { adminApi } from '../connection/admin-api.ts'
import { textIn } from '../flags.ts'
import type { Plan } from './plan.ts'
import type { Target } from './target.ts'

export interface Done {
  readonly reached: number
  readonly pending: number
  readonly ms: number
}

export interface Changer {
  /** What the server is for. */
  readonly environment: string
  plan(target: Target): Promise<Plan>
  /** What was planned last. */
  execute(target: Target, reason: string): Promise<Done>
  close(): Promise<void>
}

/** Rejects with `SP_OPTION_INVALID` where neither is named. */
export async function openChanger(call: Call): Promise<Changer> {
  const api = adminApi(call.flags)
  if (api !== undefined) {
    const { AdminChanger } = await import('./admin-changer.ts')
    return AdminChanger.open(api)
  }
  const catalog = textIn(call.flags, 'catalog')
  if (catalog !== undefined) {
    const { CacheChanger } = await import('./cache-changer.ts')
    return CacheChanger.open(call, catalog)
  }
  // To delete keys would be no invalidation: processes would keep what they hold, and loads store.
  // And how a family is invalidated stands in its declaration (`settle`, `setOnly`).
  throw new StaleproofError('SP_OPTION_INVALID', 'to invalidate, the catalog is needed', {
    expected:
      '--url of a service with the admin API, or --catalog FILE, a module that exports the ' +
      'catalog, beside --redis',
  })
}
