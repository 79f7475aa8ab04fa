/** What an invalidation was about: as its event names it, and by the family of each key. */
import type { DeclaredFamily } from '../../core/about.ts'
import type { InvalidateEvent } from '../../core/outcome.ts'
import { compileTemplate } from '../../core/template.ts'
import { parseTemplate } from '../../core/template-syntax.ts'

export type InvalidationScope = 'key' | 'pattern' | 'group' | 'family' | 'all'

/** A part of an invalidation: all of one scope and, where it has one, one family. */
export interface InvalidationPart {
  readonly scope: InvalidationScope
  readonly family: string | undefined
  /** Named by it. */
  readonly count: number
}

/** The family of a key text; undefined: of none. */
export type FamilyOfKey = (key: string) => string | undefined

type Named = Pick<InvalidateEvent, 'keys' | 'tags'>

const familyWord = 'family:'

export function familyOfKeys(families: Readonly<Record<string, DeclaredFamily>>): FamilyOfKey {
  const templates = Object.entries(families).map(([name, { template }]) => {
    return { name, template: compileTemplate(parseTemplate(template), name) }
  })
  return (key) => templates.find(({ template }) => template.parse(key) !== undefined)?.name
}

export function partsOf({ keys, tags }: Named, familyOf: FamilyOfKey): readonly InvalidationPart[] {
  const parts = new Map<string, InvalidationPart>()
  const add = (scope: InvalidationScope, family?: string) => {
    const name = `${scope} ${family}`
    parts.set(name, { scope, family, count: (parts.get(name)?.count ?? 0) + 1 })
  }
  for (const name of keys) {
    const scope = scopeOf(name, familyOf)
    if (scope === 'key') add(scope, familyOf(name))
    else add(scope, scope === 'family' ? name.slice(familyWord.length) : undefined)
  }
  for (let tag = 0; tag < tags.length; tag++) add('group')
  return [...parts.values()]
}

const widestFirst: readonly InvalidationScope[] = ['all', 'pattern', 'family', 'group']

/** Of what an invalidation names. */
export function widestScope({ keys, tags }: Named, familyOf: FamilyOfKey): InvalidationScope {
  const scopes = new Set<InvalidationScope>(keys.map((name) => scopeOf(name, familyOf)))
  if (tags.length > 0) scopes.add('group')
  return widestFirst.find((scope) => scopes.has(scope)) ?? 'key'
}

/** No key holds a sign of a pattern: ids are escaped. */
function scopeOf(name: string, familyOf: FamilyOfKey): Exclude<InvalidationScope, 'group'> {
  if (name === '*') return 'all'
  if (name.includes('*') || name.includes('?')) return 'pattern'
  // A template may begin like that too.
  return name.startsWith(familyWord) && familyOf(name) === undefined ? 'family' : 'key'
}
