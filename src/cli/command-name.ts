/** Finds the command that was named. */
import { nearestName } from '../base/nearest-name.ts'
import { StaleproofError } from '../core/errors.ts'
import type { CommandRow } from './command.ts'

/** Throws `SP_OPTION_UNKNOWN`, with what may have been meant. */
export function commandNamed(name: string, commands: readonly CommandRow[]): CommandRow {
  const found = commands.find((command) => command.name === name)
  if (found !== undefined) return found
  const nearest = nearestName(
    name,
    commands.map((command) => command.name),
  )
  const expected = nearest === undefined ? 'one of `staleproof --help`' : `'${nearest}'`
  throw new StaleproofError('SP_OPTION_UNKNOWN', `there is no command '${name}'`, { expected })
}
