/** What each domain has been asked, and how often the database had to answer. */
import type { CacheStats } from 'staleproof'
import type { ProductsCatalog } from './catalog.ts'
import { type Domain, domainNames, domains } from './domain.ts'
import { familiesOf } from './domain-families.ts'

export interface DomainStats {
  readonly domain: Domain
  readonly prefix: string
  readonly ttlSeconds: number
  readonly reads: number
  /** Answered without a source, asked now or by the read that it waited for; undefined: unread. */
  readonly hitRate: number | undefined
  readonly loads: number
  readonly invalidations: number
}

export function domainStats(
  catalog: ProductsCatalog,
  { families }: Pick<CacheStats, 'families'>,
): DomainStats[] {
  return domainNames.map((domain) => statsOf(domain, familiesOf(catalog, domain), families))
}

function statsOf(
  domain: Domain,
  declared: ReturnType<typeof familiesOf>,
  families: CacheStats['families'],
): DomainStats {
  const counted = declared.flatMap(({ name }) => families[name] ?? [])
  const sum = (numberOf: (one: (typeof counted)[number]) => number) =>
    counted.reduce((total, one) => total + numberOf(one), 0)
  const hits = sum(({ reads }) => reads.memory + reads.redis + reads.stale)
  const reads = hits + sum(({ reads }) => reads.joined + reads.source + reads.none)
  return {
    domain,
    prefix: domains[domain].prefix,
    ttlSeconds: (declared[0]?.rules.ttlMs ?? 0) / 1_000,
    reads,
    hitRate: reads === 0 ? undefined : hits / reads,
    loads: sum(({ loads }) => loads),
    invalidations: sum(({ invalidations }) => invalidations),
  }
}
