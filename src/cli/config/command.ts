/** `staleproof config`: what the options of a command are now, and who said so. */

import { printable } from '../../base/printable.ts'
import type { Call, CommandRow } from '../command.ts'
import { variableOf } from '../command.ts'
import { commandNamed } from '../command-name.ts'
import { printDocument } from '../document.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { isSet, textIn } from '../flags.ts'
import { effectiveSettings } from '../origins.ts'
import { type Setting, shownValue } from '../settings.ts'
import { columns } from '../table.ts'

/** What `--json` says of options. */
export interface ConfigDocument {
  /** The command; left out: those that several commands take. */
  readonly of: string | undefined
  readonly settings: readonly (Pick<Setting, 'origin' | 'where'> & {
    readonly option: string
    readonly value: string | undefined
    readonly variable: string | undefined
  })[]
}

export async function config({ args: [name], flags, terminal, commands }: Call): Promise<ExitCode> {
  const rows = name === undefined ? sharedRow(commands) : commandNamed(name, commands)
  const file = textIn(flags, 'config')
  const given = new Map(file === undefined ? [] : [['config', [file]] as const])
  const settings = effectiveSettings({ command: rows, given, commands })
  const shown = settings.map((setting) => ({
    option: setting.option.name,
    value: textOf(shownValue(setting)),
    origin: setting.origin,
    where: setting.where,
    variable: variableOf(setting.option),
  }))
  if (isSet(flags, 'json')) {
    printDocument(terminal, 'config', { of: name, settings: shown })
    return exitCodes.fine
  }
  const isExplained = isSet(flags, 'explain')
  const cells = shown.map(({ option, value, origin, where, variable }) => {
    const from = origin === 'none' ? 'not given' : [origin, where].filter(Boolean).join(' ')
    const how = variable === undefined ? `--${option} only` : `--${option}, ${variable}`
    return [option, printable(value ?? '–'), ...(isExplained ? [from, how] : [])]
  })
  terminal.print(columns(cells, terminal.paint))
  return exitCodes.fine
}

/** Options that more than one command takes, each once. */
function sharedRow(commands: readonly CommandRow[]): CommandRow {
  const counts = new Map<string, number>()
  for (const { options } of commands) {
    for (const { name } of options) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const all = new Map(commands.flatMap(({ options }) => options).map((one) => [one.name, one]))
  const options = [...all.values()].filter(({ name }) => (counts.get(name) ?? 0) > 2)
  return { ...commandNamed('config', commands), options }
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined
  return Array.isArray(value) ? value.map(String).join(',') : String(value)
}
