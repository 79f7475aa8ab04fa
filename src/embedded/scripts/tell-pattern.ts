/** A glob is counted and told; see `redis/scripts/tell-pattern.ts`. */
import type { PatternRequest, ToldReply } from '../../core/contracts/store.ts'
import type { Step } from '../partition.ts'
import { announce } from '../rules.ts'

export function tellPattern(step: Step, request: PatternRequest, database: number): ToldReply {
  const telling = { kind: 'pattern', pattern: request.pattern } as const
  return announce(step, request, { telling, database })
}
