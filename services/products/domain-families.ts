/** The families of each domain, by the prefix of their templates. */
import type { ProductsCatalog } from './catalog.ts'
import { type Domain, domainOf } from './domain.ts'

type Declared = ProductsCatalog['compiled'] extends ReadonlyMap<string, infer F> ? F : never

export function familiesOf(catalog: ProductsCatalog, domain: Domain): readonly Declared[] {
  const declared = [...catalog.compiled.values()]
  return declared.filter(({ template }) => domainOf(template.text) === domain)
}

/** Between the prefix of a domain and the name of what was set; `catalog.ts` writes it out. */
export const writtenInfix = 'value_'

/** Where `set` puts what it is given: the one family of the domain that no source loads. */
export function writtenFamilyOf(catalog: ProductsCatalog, domain: Domain): string {
  const family = familiesOf(catalog, domain).find(({ rules }) => rules.isSetOnly)
  if (family === undefined) throw new RangeError(`the domain ${domain} has nothing to set`)
  return family.name
}
