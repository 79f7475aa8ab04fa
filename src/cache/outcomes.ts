/** Turns how a read was answered into the outcome that callers and observers see. */
import { isStaleproofError } from '../core/errors.ts'
import type { NoAnswer, Outcome } from '../core/outcome.ts'
import type { Answer } from './reader.ts'

export function outcomeOf(answer: Answer, nowMs: number): Outcome<unknown> {
  if (answer.kind === 'hit') {
    const { value, bornMs } = answer.entry
    return { from: 'memory', why: 'fresh', stale: false, value, ageMs: age(nowMs, bornMs) }
  }
  if (answer.kind === 'failed') return failureOf(answer)
  const { landed } = answer
  const served = { value: landed.value, ageMs: age(nowMs, landed.bornMs), stale: false } as const
  if (isShared(answer)) return { from: 'joined', why: landed.why, ...served }
  if (landed.from === 'redis') return { from: 'redis', why: landed.why, ...served }
  return { from: 'source', why: landed.why, ...served }
}

/** The call itself proved or loaded nothing. */
export function isShared({ landed, sharing }: Extract<Answer, { kind: 'flown' }>): boolean {
  return sharing === 'flying' || (sharing === 'gathering' && landed.from === 'source')
}

function failureOf({ error, isOfSource }: Extract<Answer, { kind: 'failed' }>): NoAnswer {
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
      return 'refused'
    default:
      return 'sourceFailed'
  }
}

/** Clocks of two machines meet in it, so it may be off by a transfer; never negative. */
function age(nowMs: number, bornMs: number): number {
  return Math.max(0, nowMs - bornMs)
}
