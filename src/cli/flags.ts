/** Reads what a command was called with, by type; what it may be was checked before. */
import { camelCase, type Flags } from './command.ts'

export function isSet(flags: Flags, name: string): boolean {
  return flags[camelCase(name)] === true
}

export function textIn(flags: Flags, name: string): string | undefined {
  const value = flags[camelCase(name)]
  return typeof value === 'string' ? value : undefined
}

export function textsIn(flags: Flags, name: string): readonly string[] {
  const value = flags[camelCase(name)]
  return Array.isArray(value) ? value.map(String) : []
}

export function numberIn(flags: Flags, name: string): number | undefined {
  const value = flags[camelCase(name)]
  return typeof value === 'number' ? value : undefined
}

/** Of an option that has a default. */
export function numberOf(flags: Flags, name: string): number {
  const value = numberIn(flags, name)
  if (value === undefined) throw new RangeError(`the option --${name} has no default`)
  return value
}
