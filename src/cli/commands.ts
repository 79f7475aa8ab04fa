/** All commands, by what they are for: the one table that all else follows from. */
import type { CommandRow, OptionRow } from './command.ts'
import { changingCommands } from './declared/changing.ts'
import { lookingCommands } from './declared/looking.ts'
import { provingCommands } from './declared/proving.ts'
import { settingUpCommands } from './declared/setting-up.ts'

export interface CommandGroup {
  readonly title: string
  readonly commands: readonly CommandRow[]
}

/** Of every command. */
export const commonOptions: readonly OptionRow[] = [
  {
    name: 'config',
    kind: 'text',
    value: 'file',
    summary: 'Options as JSON (default: staleproof.config.json, if it is here)',
  },
  { name: 'quiet', kind: 'flag', summary: 'No progress and no notes on stderr' },
]

export const commandGroups: readonly CommandGroup[] = [
  { title: 'Look', commands: lookingCommands.map(withCommon) },
  { title: 'Prove', commands: provingCommands.map(withCommon) },
  { title: 'Change', commands: changingCommands.map(withCommon) },
  { title: 'Set up', commands: settingUpCommands.map(withCommon) },
]

export const commands: readonly CommandRow[] = commandGroups.flatMap((group) => group.commands)

function withCommon(command: CommandRow): CommandRow {
  return { ...command, options: [...command.options, ...commonOptions] }
}
