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

const familyWord = 'family:'

export function familyOfKeys(families: Readonly<Record<string, DeclaredFamily>>): FamilyOfKey {
  const templates = Object.entries(families).map(([name, { template }]) => {
    return { name, template: compileTemplate(parseTemplate(template), name) }
  })
  return (key) => templates.find(({ template }) => template.parse(key) !== undefined)?.name
}

export function partsOf(
  { keys, tags }: Pick<InvalidateEvent, 'keys' | 'tags'>,
  familyOf: FamilyOfKey,
): readonly InvalidationPart[] {
  const parts = new Map<string, InvalidationPart>()
  const add = (scope: InvalidationScope, family?: string) => {
    const name = `${scope} ${family}`
    parts.set(name, { scope, family, count: (parts.get(name)?.count ?? 0) + 1 })
  }
  for (const name of keys) {
    // No key holds a sign of a pattern: ids are escaped.
    if (name === '*') add('all')
    else if (name.includes('*') || name.includes('?')) add('pattern')
    else {
      const family = familyOf(name)
      if (family === undefined && name.startsWith(familyWord)) {
        add('family', name.slice(familyWord.length))
      } else add('key', family)
    }
  }
  for (let tag = 0; tag < tags.length; tag++) add('group')
  return [...parts.values()]
}
