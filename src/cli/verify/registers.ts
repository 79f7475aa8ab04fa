/**
 * What the workload reads and writes: registers, which are keys of three families. Few enough
 * that operations meet, and every way to invalidate reaches some of them.
 */
import { type Catalog, defineCatalog } from '../../core/catalog.ts'
import { type Family, family } from '../../core/family.ts'
import { shape } from '../../core/shape.ts'

export interface Register {
  readonly version: number
}

const groupCount = 4
const idsOf = { item: 40, grouped: 16, ordered: 8 } as const

export type RegisterFamily = keyof typeof idsOf
export const registerFamilies: readonly RegisterFamily[] = ['item', 'grouped', 'ordered']

export interface RegisterName {
  readonly family: RegisterFamily
  readonly id: number
}

export type Registers = Readonly<
  Record<RegisterFamily, Family<number, Register, { readonly id: number }>>
>

export function registerCatalog(): Catalog<Registers> {
  const register = shape<Register>()
  return defineCatalog('verify', {
    item: family('item:{id:int}', { value: register, ttl: '1m' }),
    /** Its tag is known only from the value, as those of most applications. */
    grouped: family('grouped:{id:int}', {
      value: register,
      ttl: '1m',
      tags: (_value, id) => [groupOf(id)],
    }),
    ordered: family('ordered:{id:int}', {
      value: register,
      ttl: '1m',
      order: (value) => value.version,
    }),
  })
}

export function groupOf(id: number): string {
  return `group:${id % groupCount}`
}

export function keyOf({ family: name, id }: RegisterName): string {
  return `${name}:${id}`
}

export function namesOf(name: RegisterFamily): readonly RegisterName[] {
  return Array.from({ length: idsOf[name] }, (_, id) => ({ family: name, id }))
}

export const allNames: readonly RegisterName[] = registerFamilies.flatMap(namesOf)

/** All that carry one tag. */
export function namesInGroup(group: string): readonly RegisterName[] {
  return namesOf('grouped').filter(({ id }) => groupOf(id) === group)
}
