/** Turns what went wrong into a sentence that a trader can act on. */
import { isStaleproofError } from 'staleproof'
import { HttpFault } from '../process/http-client.ts'
import { escapeHtml } from './html.ts'

/** What the trader typed can't be understood; the message says what would be. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** HTML. `isOurs` says whether it belongs in the log. */
export function explain(error: unknown): { readonly text: string; readonly isOurs: boolean } {
  if (error instanceof UsageError) return { text: escapeHtml(error.message), isOurs: false }
  if (error instanceof HttpFault && isRefusedForNow(error)) {
    return { text: waitText(error), isOurs: false }
  }
  if (error instanceof HttpFault && error.status >= 400 && error.status < 500) {
    return { text: escapeHtml(error.message), isOurs: false }
  }
  if (error instanceof HttpFault || isStaleproofError(error)) {
    const text = 'The exchange does not answer. Look at /positions before you try again.'
    return { text, isOurs: true }
  }
  return { text: 'Something went wrong on our side.', isOurs: true }
}

/** Before anything was done; `unavailable` may also be the answer to an order that was. */
function isRefusedForNow({ status, code }: HttpFault): boolean {
  return status === 429 || (status === 503 && code !== 'unavailable')
}

/** Both say when it is worth asking again; nothing has been bought or sold. */
function waitText({ status, retryAfterMs = 1_000 }: HttpFault): string {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000))
  const wait = seconds === 1 ? 'in a second' : `in ${seconds} seconds`
  const why =
    status === 429 ? 'You are faster than I may be.' : 'The exchange has a lot to do just now.'
  return `${why} Nothing was done; please try again ${wait}.`
}
