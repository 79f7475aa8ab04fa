/** Where declarations of the same families differ: pure. */
import type { DeclaredFamily } from '../../observe/index.ts'

export type Declarations = Readonly<Record<string, DeclaredFamily>>

export interface Difference {
  readonly family: string
  /** `family`: one side does not have it. */
  readonly field: string
  /** By side. */
  readonly values: Readonly<Record<string, string>>
}

/** `hasSource` differs by design: a service declares the sources that it has. */
const ignored = new Set(['hasSource'])
const absent = 'absent'

/** By family, then field. */
export function differencesBetween(
  sides: Readonly<Record<string, Declarations>>,
): readonly Difference[] {
  const families = new Set(Object.values(sides).flatMap((side) => Object.keys(side)))
  return [...families].sort().flatMap((family) => differencesOf(sides, family))
}

function differencesOf(
  sides: Readonly<Record<string, Declarations>>,
  family: string,
): readonly Difference[] {
  const declared = Object.entries(sides).map(([side, all]) => [side, all[family]] as const)
  if (declared.some(([, one]) => one === undefined)) {
    const there = declared.map(([side, one]) => [side, one === undefined ? absent : 'declared'])
    return [{ family, field: 'family', values: Object.fromEntries(there) }]
  }
  const fields = new Set(declared.flatMap(([, one]) => Object.entries(one ?? {}).map(([f]) => f)))
  return [...fields].flatMap((field) => {
    if (ignored.has(field)) return []
    const values = declared.map(([side, one]) => [side, textOf(one, field)] as const)
    const isSame = new Set(values.map(([, text]) => text)).size === 1
    return isSame ? [] : [{ family, field, values: Object.fromEntries(values) }]
  })
}

function textOf(declared: DeclaredFamily | undefined, field: string): string {
  const value = Object.entries(declared ?? {}).find(([name]) => name === field)?.[1]
  return value === undefined ? absent : String(value)
}
