/** What a command declares, and what it is called with. Help, completion and docs follow. */
import type { ExitCode } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

/** By camel-cased name: from the command line, the environment or the file of settings. */
export type Flags = Readonly<Record<string, unknown>>

export interface Call {
  /** Words that are no options. */
  readonly args: readonly string[]
  readonly flags: Flags
  readonly terminal: Terminal
  /** All there are, for those that tell about commands. */
  readonly commands: readonly CommandRow[]
  /** Whom the first signal calls; the second ends the process, and so does the first without it. */
  onSignal(end: () => void): void
}

export type Run = (call: Call) => Promise<ExitCode>

/**
 * `flag`: there or not. `texts`: may be given several times. `duration` arrives in
 * milliseconds, `size` in bytes.
 */
export type OptionKind = 'flag' | 'text' | 'texts' | 'number' | 'duration' | 'size'

export interface OptionRow {
  /** As it is written behind `--`. */
  readonly name: string
  readonly kind: OptionKind
  /** What stands behind it in help; not of a flag. */
  readonly value?: string
  readonly summary: string
  readonly default?: string
  /** Its variable where that is not `STALEPROOF_…`; false: only a person may say it. */
  readonly environment?: string | false
  readonly choices?: readonly string[]
  /** What a shell offers, where that is known by the catalog alone. */
  readonly completes?: 'families'
  /** Of a number; without it the command checks the number itself. */
  readonly range?: { readonly min: number; readonly max: number }
  /** Options of one group exclude each other: the one that was said nearest counts. */
  readonly group?: string
}

export interface ArgumentRow {
  readonly name: string
  readonly isRequired: boolean
  readonly isMany: boolean
}

export interface CommandRow {
  readonly name: string
  readonly summary: string
  readonly args: readonly ArgumentRow[]
  readonly options: readonly OptionRow[]
  readonly examples: readonly string[]
  readonly load: () => Promise<Run>
}

/** `fail-on` → `failOn`. */
export function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** The variable that stands for an option; undefined: none does. */
export function variableOf({ name, environment }: OptionRow): string | undefined {
  if (environment === false) return undefined
  return environment ?? `STALEPROOF_${name.replaceAll('-', '_').toUpperCase()}`
}
