/** What several servers say in INFO, taken together: nodes of a Cluster share one cache. */
import type { CommandRow, Info } from './info.ts'

/** Undefined: one of them is not known, or there is none, so that the sum is not known either. */
export function sumOf(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.flatMap((number) => number ?? [])
  if (known.length < numbers.length || numbers.length === 0) return undefined
  return known.reduce((sum, number) => sum + number, 0)
}

/** The same of a field. */
export function sumOver(infos: readonly Info[], field: string): number | undefined {
  return sumOf(infos.map((info) => info.number(field)))
}

/** Each command once, with what all of them have counted. */
export function commandsOver(infos: readonly Info[]): readonly CommandRow[] {
  const rows = new Map<string, CommandRow>()
  for (const row of infos.flatMap((info) => info.commands())) {
    const before = rows.get(row.name)
    rows.set(row.name, before === undefined ? row : together(before, row))
  }
  return [...rows.values()]
}

function together(one: CommandRow, other: CommandRow): CommandRow {
  const calls = one.calls + other.calls
  const us = one.us + other.us
  return {
    name: one.name,
    calls,
    us,
    usPerCall: calls === 0 ? 0 : us / calls,
    rejected: one.rejected + other.rejected,
    failed: one.failed + other.failed,
  }
}
