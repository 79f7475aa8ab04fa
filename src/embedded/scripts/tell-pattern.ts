/** Something is counted and told; see `redis/scripts/tell-pattern.ts`. */
import type { ActiveRequest, PatternRequest, ToldReply } from '../../core/contracts/store.ts'
import type { Step } from '../partition.ts'
import { announce } from '../rules.ts'

export function tellPattern(step: Step, request: PatternRequest, database: number): ToldReply {
  const telling = { kind: 'pattern', pattern: request.pattern } as const
  return announce(step, request, { telling, database })
}

export function tellActive(step: Step, request: ActiveRequest, database: number): ToldReply {
  const telling = { kind: 'active', keys: request.keys } as const
  return announce(step, { ...request, barrier: undefined }, { telling, database })
}
