/** `staleproof completion SHELL`. */
import { StaleproofError } from '../../core/errors.ts'
import type { Call } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { completionFor, shells } from './scripts.ts'

export async function completion(call: Call): Promise<ExitCode> {
  const [name = ''] = call.args
  const shell = shells.find((one) => one === name)
  if (shell === undefined) {
    const details = { expected: shells.join(', '), received: name }
    throw new StaleproofError('SP_OPTION_INVALID', 'completion: the shell', details)
  }
  call.terminal.print(completionFor(shell, call.commands))
  return exitCodes.fine
}
