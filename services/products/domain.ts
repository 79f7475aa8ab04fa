/**
 * The domains of the catalogue of products: each has the prefix that opens its keys and the life
 * of what it holds. Every family belongs to the one whose prefix its template has.
 */

export interface DomainRule {
  readonly prefix: string
  /** Undefined: the environment says it (`REDIS_CACHE_TTL`). */
  readonly ttlMs: number | undefined
}

export const domains = {
  catalog: { prefix: 'catalog_', ttlMs: 7_200_000 },
  media: { prefix: 'media_', ttlMs: 3_600_000 },
  imports: { prefix: 'imports_', ttlMs: 1_800_000 },
  code2asin: { prefix: 'code2asin_', ttlMs: 86_400_000 },
  analytics: { prefix: 'analytics_', ttlMs: 3_600_000 },
  default: { prefix: 'default_', ttlMs: undefined },
} as const satisfies Readonly<Record<string, DomainRule>>

export type Domain = keyof typeof domains

export const domainNames = [
  'catalog',
  'media',
  'imports',
  'code2asin',
  'analytics',
  'default',
] as const

/** The domain of a key or of a template; undefined: no key of ours. */
export function domainOf(text: string): Domain | undefined {
  return domainNames.find((name) => text.startsWith(domains[name].prefix))
}
