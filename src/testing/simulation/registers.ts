/**
 * The registers of the simulation: keys of which the versions only rise, in families that use
 * every kind of rule (absence, tags known late or from the id, orders, batches, stale values).
 */
import { type Catalog, defineCatalog } from '../../core/catalog.ts'
import { type Family, family } from '../../core/family.ts'
import { shape } from '../../core/shape.ts'

export interface Versioned {
  readonly id: number
  readonly version: number
}

export type FamilyName = 'item' | 'member' | 'quote' | 'note'

export interface Register {
  readonly family: FamilyName
  readonly id: number
  /** The text of its key. */
  readonly key: string
}

/** Long enough that nothing becomes right by expiring. */
const ttl = '10m'
/** Short enough that entries expire in a run. */
const shortTtl = '3s'

export const catalog: Catalog<Readonly<Record<FamilyName, Family<number, Versioned>>>> =
  defineCatalog('sim', {
    item: family('item:{id:int}', { value: shape<Versioned>(), ttl, negativeTtl: '2s' }),
    member: family('member:{id:int}', {
      value: shape<Versioned>(),
      ttl,
      // Known only when the value is: the group is not in the id alone.
      tags: (value) => [groupOf(value.id)],
    }),
    quote: family('quote:{id:int}', {
      value: shape<Versioned>(),
      ttl,
      order: ({ version }) => version,
    }),
    // Often past its TTL: served stale, loaded anew, and instead of loads that fail or are slow.
    note: family('note:{id:int}', {
      value: shape<Versioned>(),
      ttl: shortTtl,
      staleWhileRevalidate: '2s',
      staleIfError: '6s',
      softTimeout: '30ms',
      earlyRefresh: { beta: 10 },
    }),
  })

export const registers: readonly Register[] = [
  ...[0, 1, 2].map((id) => register('item', id)),
  ...[0, 1, 2, 3].map((id) => register('member', id)),
  ...[0, 1].map((id) => register('quote', id)),
  register('note', 0),
]

export function registerAt(index: number): Register {
  const found = registers[index]
  if (found === undefined) throw new RangeError(`expected a register below ${registers.length}`)
  return found
}

/** Registers of the same family, this one among them. */
export function keysOf(index: number): readonly number[] {
  const { family } = registerAt(index)
  return [...registers.keys()].filter((other) => registers[other]?.family === family)
}

/** The tag of a member. */
export function groupOf(id: number): string {
  return `group:${id % 2}`
}

/** All that carry the tag of a member. */
export function membersOf(tag: string): readonly Register[] {
  return registers.filter((each) => each.family === 'member' && groupOf(each.id) === tag)
}

function register(name: FamilyName, id: number): Register {
  return { family: name, id, key: `${name}:${id}` }
}
