/** The settings of a command here and now: its words, this environment, the file of settings. */
import { existsSync, readFileSync } from 'node:fs'
import { StaleproofError } from '../core/errors.ts'
import { environment } from '../system.ts'
import type { CommandRow } from './command.ts'
import { type Setting, type SettingsFile, settingsFile, settingsOf } from './settings.ts'

const settingsPath = 'staleproof.config.json'
const pathVariable = 'STALEPROOF_CONFIG'

export interface Asked {
  readonly command: CommandRow
  /** On the command line. */
  readonly given: ReadonlyMap<string, readonly string[]>
  /** All: the file may have options of any. */
  readonly commands: readonly CommandRow[]
}

/** Throws `SP_OPTION_INVALID` or `SP_OPTION_UNKNOWN`. */
export function effectiveSettings({ command, given, commands }: Asked): readonly Setting[] {
  // One that was named must be there.
  const named = given.get('config')?.[0] ?? environment(pathVariable)
  const path = named ?? pathInFolder(command)
  const file = path === undefined ? undefined : fileOfSettings(path, commands)
  return settingsOf(command, { given, variable: environment, file })
}

/**
 * Not of `completion`: a shell calls it while somebody types, in folders of anybody, and the
 * catalog that their file names would be run.
 */
function pathInFolder({ name }: CommandRow): string | undefined {
  return name !== 'completion' && existsSync(settingsPath) ? settingsPath : undefined
}

function fileOfSettings(path: string, commands: readonly CommandRow[]): SettingsFile {
  const all = commands.flatMap(({ options }) => options)
  return settingsFile(path, textOfFile(path), all)
}

function textOfFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const details = { expected: 'a file that can be read', received: String(cause), cause }
    throw new StaleproofError('SP_OPTION_INVALID', `the file of settings ${path}`, details)
  }
}
