/** `staleproof completion SHELL`, and what its scripts ask while somebody types. */
import { StaleproofError } from '../../core/errors.ts'
import type { Call } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { textIn } from '../flags.ts'
import { completionFor, shells } from './scripts.ts'

export async function completion(call: Call): Promise<ExitCode> {
  const [name = ''] = call.args
  if (name === 'families') return printFamilies(call)
  const shell = shells.find((one) => one === name)
  if (shell === undefined) {
    const details = { expected: `${shells.join(', ')}, or families`, received: name }
    throw new StaleproofError('SP_OPTION_INVALID', 'completion: the shell', details)
  }
  call.terminal.print(completionFor(shell, call.commands))
  return exitCodes.fine
}

async function printFamilies({ flags, terminal }: Call): Promise<ExitCode> {
  const file = textIn(flags, 'catalog')
  if (file === undefined) {
    const details = { expected: '--catalog FILE, or its variable, or the file of settings' }
    throw new StaleproofError('SP_OPTION_INVALID', 'completion: no catalog is named', details)
  }
  const { catalogIn } = await import('../connection/catalog-file.ts')
  const { compiled } = await catalogIn(file)
  terminal.print([...compiled.keys()].sort())
  return exitCodes.fine
}
