/** Turns how a read was answered into the outcome that callers and observers see. */
import { isStaleproofError } from '../core/errors.ts'
import type { NoAnswer, Outcome } from '../core/outcome.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { Answer } from './seat.ts'

export function outcomeOf(
  { lifetimes }: FamilyRuntime,
  answer: Answer,
  nowMs: number,
): Outcome<unknown> {
  if (answer.kind === 'hit') {
    const { value, bornMs } = answer.entry
    const { ttl } = lifetimes.heldOf(answer.entry)
    return { from: 'memory', why: 'fresh', stale: false, value, ageMs: age(nowMs, bornMs), ttl }
  }
  if (answer.kind === 'failed') return failureOf(answer)
  const { landed } = answer
  const { value, bornMs, ttl } = landed
  if (landed.from === 'stale') {
    return { from: 'stale', why: landed.why, stale: true, value, ageMs: age(nowMs, bornMs), ttl }
  }
  const served = { value, ageMs: age(nowMs, bornMs), stale: false, ttl } as const
  if (isShared(answer)) return { from: 'joined', why: landed.why, ...served }
  if (landed.from === 'redis') return { from: 'redis', why: landed.why, ...served }
  return { from: 'source', why: landed.why, ...served }
}

/** The call itself proved or loaded nothing. */
export function isShared({ landed, sharing }: Extract<Answer, { kind: 'flown' }>): boolean {
  if (landed.from === 'stale') return false
  return sharing === 'flying' || (sharing === 'gathering' && landed.from === 'source')
}

export function failureOf({ error, isOfSource }: Extract<Answer, { kind: 'failed' }>): NoAnswer {
  return {
    from: 'none',
    why: isOfSource ? 'sourceFailed' : reasonOf(error),
    stale: false,
    value: undefined,
    ageMs: undefined,
    error,
  }
}

function reasonOf(error: unknown): NoAnswer['why'] {
  if (!isStaleproofError(error)) return 'sourceFailed'
  switch (error.code) {
    case 'SP_NO_SOURCE':
      return 'noSource'
    case 'SP_LOAD_TIMEOUT':
      return 'loadTimeout'
    case 'SP_ABORTED':
      return 'aborted'
    case 'SP_TIMEOUT':
      return 'timeout'
    case 'SP_CLOSED':
    case 'SP_LOAD_CYCLE':
    case 'SP_SOURCE_BUSY':
    case 'SP_SOURCE_UNAVAILABLE':
      return 'refused'
    default:
      return 'sourceFailed'
  }
}

/** Clocks of two machines meet in it, so it may be off by a transfer; never negative. */
function age(nowMs: number, bornMs: number): number {
  return Math.max(0, nowMs - bornMs)
}
