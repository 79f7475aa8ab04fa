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
  if (error instanceof HttpFault && error.status >= 400 && error.status < 500) {
    return { text: escapeHtml(error.message), isOurs: false }
  }
  if (error instanceof HttpFault || isStaleproofError(error)) {
    const text = 'The exchange does not answer. Look at /positions before you try again.'
    return { text, isOurs: true }
  }
  return { text: 'Something went wrong on our side.', isOurs: true }
}
