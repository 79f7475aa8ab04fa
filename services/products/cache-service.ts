/**
 * The cache service of document 4: `get`, `set`, `delete` and `deletePattern` in a domain. The
 * domain is a property, so nobody can forget it, and with it come prefix and TTL.
 *
 * A name of the catalog (`products_count`) is loaded by its source, and can't be set: a derived
 * value that somebody computes and sets is the old one as soon as a write overtakes it. Any other
 * name is what somebody has set. Redis down is never an error: `get` asks the source, or says
 * `undefined` where there is none; `set` and `delete` say false.
 */
import { type Duration, type FamilyView, isStaleproofError } from 'staleproof'
import type { ProductsCache, ProductsCatalog } from './catalog.ts'
import { type Domain, domains } from './domain.ts'
import { familiesOf, writtenFamilyOf, writtenInfix } from './domain-families.ts'

export interface DomainCache {
  /** `undefined`: there is none, or Redis is down and no source knows it. */
  get(name: string): Promise<unknown>
  /**
   * False: Redis is down, or somebody has set it later. Throws `SP_OPTION_INVALID` for a TTL
   * beyond that of the domain, and a `TypeError` for a name that is loaded from its source.
   */
  set(name: string, data: unknown, options?: { readonly ttl?: Duration }): Promise<boolean>
  /** False: Redis could not be told; it is told before anything is read from it again. */
  delete(name: string): Promise<boolean>
  /** The names that the glob matches, loaded or set; `*` is all of the domain. */
  deletePattern(pattern: string): Promise<boolean>
}

export type CacheService = Readonly<Record<Domain, DomainCache>>

export function openCacheService(cache: ProductsCache, catalog: ProductsCatalog): CacheService {
  const order = risingOrder()
  const open = (domain: Domain) => new OwnDomainCache({ cache, catalog, domain, order })
  return {
    catalog: open('catalog'),
    media: open('media'),
    imports: open('imports'),
    code2asin: open('code2asin'),
    analytics: open('analytics'),
    default: open('default'),
  }
}

interface Parts {
  readonly cache: ProductsCache
  readonly catalog: ProductsCatalog
  readonly domain: Domain
  readonly order: () => number
}

class OwnDomainCache implements DomainCache {
  readonly #cache: ProductsCache
  readonly #catalog: ProductsCatalog
  readonly #domain: Domain
  readonly #written: FamilyView
  readonly #order: () => number

  constructor({ cache, catalog, domain, order }: Parts) {
    this.#cache = cache
    this.#catalog = catalog
    this.#domain = domain
    this.#written = cache.family(writtenFamilyOf(catalog, domain))
    this.#order = order
  }

  async get(name: string): Promise<unknown> {
    const loaded = this.#loaded(name)
    if (loaded !== undefined) return loaded.view.get(loaded.id)
    try {
      const value = await this.#written.get(name)
      return Object(value).data
    } catch (error) {
      if (isStaleproofError(error, 'SP_NO_SOURCE')) return undefined
      throw error
    }
  }

  async set(
    name: string,
    data: unknown,
    options: { readonly ttl?: Duration } = {},
  ): Promise<boolean> {
    if (this.#loaded(name) !== undefined) {
      throw new TypeError(`${this.#domain}: '${name}' is loaded from its source, and never set`)
    }
    const value = { order: this.#order(), data }
    const setting = this.#written.set(name, value, { ...options, reason: 'set' })
    return isExecuted(setting.then(({ stored }) => stored))
  }

  delete(name: string): Promise<boolean> {
    const { view, id } = this.#loaded(name) ?? { view: this.#written, id: name }
    return isExecuted(view.invalidate([id], { reason: 'deleted' }).then(() => true))
  }

  deletePattern(pattern: string): Promise<boolean> {
    const reason = 'pattern_deleted'
    const deleting =
      pattern === '*'
        ? Promise.all(this.#families().map(({ name }) => this.#clear(name, reason)))
        : Promise.all(this.#prefixes().map((prefix) => this.#drop(`${prefix}${pattern}`, reason)))
    return isExecuted(deleting.then(() => true))
  }

  #families() {
    return familiesOf(this.#catalog, this.#domain)
  }

  #clear(family: string, reason: string) {
    return this.#cache.family(family).clear({ reason })
  }

  #drop(pattern: string, reason: string) {
    return this.#cache.invalidatePattern(pattern, { reason })
  }

  /** What precedes a name in its key: that of names that are loaded, and that of those set. */
  #prefixes(): readonly string[] {
    const { prefix } = domains[this.#domain]
    return [prefix, `${prefix}${writtenInfix}`]
  }

  /** Family and id of a name that the catalog knows as loaded. */
  #loaded(name: string): { readonly view: FamilyView; readonly id: unknown } | undefined {
    const parsed = this.#catalog.parse(`${domains[this.#domain].prefix}${name}`)
    if (parsed === undefined || parsed.family === this.#written.name) return undefined
    return { view: this.#cache.family(parsed.family), id: parsed.id }
  }
}

async function isExecuted(execution: Promise<boolean>): Promise<boolean> {
  try {
    return await execution
  } catch (error) {
    if (isStaleproofError(error, 'SP_INVALIDATION_PENDING')) return false
    throw error
  }
}

/** Microseconds of this machine that never repeat: of two writers the later one stays. */
function risingOrder(): () => number {
  let last = 0
  return () => {
    last = Math.max(last + 1, Date.now() * 1_000)
    return last
  }
}
