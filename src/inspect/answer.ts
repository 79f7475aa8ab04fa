/** What one command of a pipeline came to. */
import type { StaleproofError } from '../core/errors.ts'

export type Answer = { readonly reply: unknown } | { readonly error: StaleproofError }

export function replyOf(answer: Answer | undefined): unknown {
  if (answer === undefined) return undefined
  if ('error' in answer) throw answer.error
  return answer.reply
}

/** True: nothing is behind the connection. */
export function isLost(answer: Answer): boolean {
  return 'error' in answer && answer.error.code === 'SP_REDIS_DOWN'
}
