/** Brings the markets of the provider into the database, and tells who shows them. */
import type { Database } from '../database/connection.ts'
import type { Transact } from '../database/transact.ts'
import type { Market } from '../domain/market.ts'
import { marketsImported, type PolycoolCache } from '../domain/writes.ts'
import { commitWrite } from '../process/commit-write.ts'
import type { ServiceLogger } from '../process/logger.ts'
import type { Provider } from '../process/provider-quota.ts'
import type { MarketIndex } from './market-index.ts'
import { storedMarkets } from './repositories/market-reads.ts'
import { importMarkets } from './repositories/market-writes.ts'
import { fetchMarkets, fetchMarketsByCondition, type MarketRows } from './upstream-client.ts'
import { writeAcceptable } from './write-acceptable.ts'

export interface MarketImportOptions {
  readonly cache: PolycoolCache
  readonly database: Database
  readonly transact: Transact
  readonly log: ServiceLogger
  readonly provider: Provider
  readonly index: MarketIndex
  /** Told after an import that brought tokens which were not known before. */
  readonly onNewTokens: () => void
}

/** PostgreSQL takes 65,535 parameters in a statement; a market has 13. */
const rowsPerStatement = 2_000

/** All of them. The first time it begins with those that an earlier process has imported. */
export async function importAllMarkets(
  options: MarketImportOptions,
  signal: AbortSignal,
): Promise<void> {
  const { log, provider, index, onNewTokens, database } = options
  if (index.size === 0 && index.add(await storedMarkets(database))) onNewTokens()
  const found = await fetchMarkets(provider, signal)
  const { length } = found.markets
  if (length === 0) throw new Error(`expected markets from ${provider.url}, got none`)
  log.info({ markets: length, ...(await store(options, found)) }, 'markets imported')
}

/** Those of some condition ids, as far as the provider has them. */
export async function importMarketsByCondition(
  options: MarketImportOptions,
  wanted: { readonly ids: readonly string[]; readonly signal: AbortSignal },
): Promise<void> {
  const found = await fetchMarketsByCondition(options.provider, wanted)
  const facts = { asked: wanted.ids.length, markets: found.markets.length }
  options.log.info({ ...facts, ...(await store(options, found)) }, 'new markets imported')
}

interface Stored {
  readonly changed: number
  /** Rows that were no markets, or that the database has refused. */
  readonly skipped: number
}

/** A market that the database refuses for what is in it keeps no other from being imported. */
async function store(
  options: MarketImportOptions,
  { markets, skipped }: MarketRows,
): Promise<Stored> {
  const { index, log, onNewTokens } = options
  let changed = 0
  let hasNewTokens = false
  const refused = await writeAcceptable(markets, async (some) => {
    changed += await commit(options, some)
    hasNewTokens = index.add(some) || hasNewTokens
  }).finally(() => {
    if (hasNewTokens) onNewTokens()
  })
  const [first] = refused
  if (first !== undefined) {
    const facts = { refused: refused.length, marketId: first.item.id, err: first.error }
    log.warn(facts, 'markets refused')
  }
  return { changed, skipped: skipped + refused.length }
}

async function commit(options: MarketImportOptions, markets: readonly Market[]): Promise<number> {
  const { result } = await commitWrite(options, marketsImported, async (transaction) => {
    const changes = []
    for (let start = 0; start < markets.length; start += rowsPerStatement) {
      const rows = markets.slice(start, start + rowsPerStatement)
      changes.push(...(await importMarkets(transaction, rows)))
    }
    return { result: changes.length, change: changes.length === 0 ? undefined : changes }
  })
  return result
}
