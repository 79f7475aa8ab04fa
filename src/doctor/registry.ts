/**
 * The families that are declared: by a catalog that was given, or else by the processes that
 * publish what they declare.
 */

import type { Catalog, CatalogFamily, Families } from '../core/catalog.ts'
import type { Template } from '../core/template.ts'
import { declaredTemplate } from '../inspect/index.ts'
import type { ProcessFacts } from '../observe/index.ts'

export interface RegisteredFamily {
  readonly name: string
  readonly template: Template
  /** No value is served beyond, so no slot lives longer. */
  readonly maxStaleMs: number
  /** It may hold what looks like a secret, and is not encrypted. */
  readonly isExposed: boolean
}

export class Registry {
  readonly families: readonly RegisteredFamily[]

  constructor(families: readonly RegisteredFamily[]) {
    this.families = families
  }

  /** Undefined: no family has such a key. */
  familyOf(keyText: string): RegisteredFamily | undefined {
    return this.families.find(({ template }) => template.parse(keyText) !== undefined)
  }

  /** With those of another one that this one does not know. */
  and(other: Registry): Registry {
    const known = new Set(this.families.map(identityOf))
    const added = other.families.filter((family) => !known.has(identityOf(family)))
    return new Registry([...this.families, ...added])
  }
}

/** Two caches on one server may have families of one name. */
function identityOf({
  name,
  template,
}: {
  readonly name: string
  readonly template: Template
}): string {
  return `${name} ${template.text}`
}

export function registryOfCatalog(catalog: Catalog<Families>): Registry {
  return new Registry([...catalog.compiled.values()].map(familyOfCatalog))
}

/** Undefined where no process declares anything. */
export function registryOfProcesses(processes: readonly ProcessFacts[]): Registry | undefined {
  const families = new Map<string, RegisteredFamily>()
  for (const { families: declared } of processes) {
    for (const [name, facts] of Object.entries(declared)) {
      const identity = `${name} ${facts.template}`
      const known = families.get(identity)
      const template = known?.template ?? declaredTemplate(facts.template, name)
      if (template === undefined) continue
      families.set(identity, {
        name,
        template,
        maxStaleMs: Math.max(known?.maxStaleMs ?? 0, facts.maxStaleMs),
        isExposed: (facts.isSensitive && !facts.isEncrypted) || (known?.isExposed ?? false),
      })
    }
  }
  return families.size === 0 ? undefined : new Registry([...families.values()])
}

function familyOfCatalog({ name, template, rules }: CatalogFamily): RegisteredFamily {
  return {
    name,
    template,
    maxStaleMs: rules.refresh.maxStaleMs,
    isExposed: !rules.isGuarded && !rules.isEncrypted,
  }
}
