/** `staleproof invalidate`. */
import type { Call } from '../command.ts'
import type { ExitCode } from '../exit-codes.ts'
import { perform } from './perform.ts'
import { targetOf } from './target.ts'

export async function invalidate(call: Call): Promise<ExitCode> {
  return perform(call, 'invalidate', targetOf(call))
}
