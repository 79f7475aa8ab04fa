/**
 * How the cache is told of what was written (document 4): the rows of one write, all of a domain
 * after a mass import, the dashboard, or everything. Nothing is thrown at somebody whose write was
 * committed: what Redis could not be told is kept and repeated by the cache, and by the outbox.
 *
 * Each resolves to a token, with which the writer's own reads see what it has said. What is asked
 * for in one tick and with one reason is one script and one message.
 */
import { isStaleproofError, type Key, type Receipt } from 'staleproof'
import type { Target } from 'staleproof/postgres'
import { joinedToken } from '../process/joined-token.ts'
import type { ServiceLogger } from '../process/logger.ts'
import type { ProductsCache, ProductsCatalog } from './catalog.ts'
import { importJobRow, type RowChange, targetsOf } from './changes.ts'
import type { Domain } from './domain.ts'
import { familiesOf } from './domain-families.ts'
import { productsImported } from './writes.ts'

export interface Invalidating {
  readonly cache: ProductsCache
  readonly catalog: ProductsCatalog
  readonly log: ServiceLogger
}

type Token = Promise<string | undefined>

/** After a write of single rows: exactly the keys and groups that show them. */
export function invalidateRows(
  parts: Invalidating,
  reason: string,
  rows: readonly RowChange[],
): Token {
  return carryOut(parts, reason, targetsOf(rows))
}

/** After a part of a mass import: what it fills, and its own row, which the dashboard shows. */
export async function invalidateImport(parts: Invalidating, jobId: string): Token {
  const { reason } = productsImported
  const tokens = await Promise.all([
    invalidateDomain(parts, reason, 'catalog'),
    invalidateDomain(parts, reason, 'code2asin'),
    invalidateMediaCache(parts, reason),
    invalidateRows(parts, reason, [importJobRow(jobId)]),
  ])
  return joinedToken(tokens)
}

/** All of a domain, in constant time for each of its families. */
export function invalidateDomain(parts: Invalidating, reason: string, domain: Domain): Token {
  const families = familiesOf(parts.catalog, domain)
  const targets = families.map(({ name }) => ({ kind: 'family', family: name }) as const)
  return carryOut(parts, reason, targets)
}

/** Everything that is known of pictures. */
export function invalidateMediaCache(parts: Invalidating, reason: string): Token {
  return invalidateDomain(parts, reason, 'media')
}

/** The dashboard and the daily report. */
export function invalidateDashboardCache(parts: Invalidating, reason: string): Token {
  return carryOut(parts, reason, [
    { kind: 'key', family: 'dashboardStats', id: undefined },
    { kind: 'key', family: 'dailyReport', id: undefined },
  ])
}

/** After a deployment or a migration; nothing else on the server is touched. */
export function invalidateEverything({ cache, log }: Invalidating, reason: string): Token {
  return tokenOf(log, reason, cache.clear({ reason }))
}

async function carryOut(
  { cache, log }: Invalidating,
  reason: string,
  targets: readonly Target[],
): Token {
  const keys = keysIn(cache, targets)
  const tags = targets.flatMap((target) => (target.kind === 'tag' ? [target.tag] : []))
  const names = targets.flatMap((target) => (target.kind === 'family' ? [target.family] : []))
  const why = { reason }
  const told = await Promise.all([
    ...names.map((name) => tokenOf(log, reason, cache.family(name).clear(why))),
    ...(tags.length === 0 ? [] : [tokenOf(log, reason, cache.invalidateTag(tags, why))]),
    ...(keys.length === 0 ? [] : [tokenOf(log, reason, cache.invalidate(keys, why))]),
  ])
  return joinedToken(told)
}

/** Each once: every row of a write touches the dashboard. */
function keysIn(cache: ProductsCache, targets: readonly Target[]): readonly Key[] {
  const byText = new Map<string, Key>()
  for (const target of targets) {
    if (target.kind !== 'key') continue
    const key = cache.family(target.family).key(target.id)
    byText.set(key.text, key)
  }
  return [...byText.values()]
}

async function tokenOf(log: ServiceLogger, reason: string, told: Promise<Receipt>): Token {
  try {
    return (await told).token
  } catch (error) {
    if (isStaleproofError(error, 'SP_INVALIDATION_PENDING')) return error.receipt?.token
    log.error({ err: error, reason }, 'invalidation failed after a committed write')
    return undefined
  }
}
