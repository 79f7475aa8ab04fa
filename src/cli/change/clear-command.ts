/** `staleproof clear`: everything of the cache, never anything else on the server. */
import type { Call } from '../command.ts'
import type { ExitCode } from '../exit-codes.ts'
import { perform } from './perform.ts'

export function clear(call: Call): Promise<ExitCode> {
  return perform(call, 'clear', { is: 'all' })
}
