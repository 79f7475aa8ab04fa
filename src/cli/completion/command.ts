/** `staleproof completion SHELL`, and what its scripts ask while somebody types. */
import { StaleproofError } from '../../core/errors.ts'
import type { Call } from '../command.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { textIn } from '../flags.ts'
import { catalogMsMax, familiesIn } from './catalog-process.ts'
import { completionFor, shells } from './scripts.ts'

/** What looks like a catalog may call its families anything; to a shell this is only a word. */
const plainName = /^[A-Za-z][\w-]*$/

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
    const details = { expected: '--catalog FILE, its variable, or --config FILE' }
    throw new StaleproofError('SP_OPTION_INVALID', 'completion: no catalog is named', details)
  }
  const names = await familiesIn(file)
  if (names === undefined) {
    terminal.say(`completion: the catalog in ${file} was not there within ${catalogMsMax} ms`)
    return exitCodes.found
  }
  terminal.print(names.filter((name) => plainName.test(name)).sort())
  return exitCodes.fine
}
