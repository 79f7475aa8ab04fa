/** JSON documents of commands: one form for all, so that programs can rely on it. */
import { systemClock } from '../system.ts'
import type { Fields } from './documents.ts'
import type { Terminal } from './terminal.ts'

/** Raised when a field of any document changes its meaning. */
export const schemaVersion = 1

/** One document. */
export function printDocument<Command extends keyof Fields>(
  terminal: Terminal,
  command: Command,
  fields: Fields[Command],
): void {
  const document = { schemaVersion, command, atMs: systemClock.wallMs(), ...fields }
  terminal.print([JSON.stringify(document, bigints, 2)])
}

/** A document on a line, of a command that prints several. */
export function printLine<Command extends 'tail' | 'top'>(
  terminal: Terminal,
  command: Command,
  fields: Fields[Command],
): void {
  terminal.print([JSON.stringify({ schemaVersion, command, ...fields }, bigints)])
}

function bigints(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
