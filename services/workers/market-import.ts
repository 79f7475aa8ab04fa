/** Brings the markets of the provider into the database, and tells who shows them. */
import type { Database } from '../database/connection.ts'
import type { Transact } from '../database/transact.ts'
import type { Market } from '../domain/market.ts'
import { marketsImported, type PolycoolCache } from '../domain/writes.ts'
import { announce } from '../process/announce.ts'
import type { ServiceLogger } from '../process/logger.ts'
import type { Provider } from '../process/provider-quota.ts'
import type { MarketIndex } from './market-index.ts'
import { storedMarkets } from './repositories/market-reads.ts'
import { importMarkets } from './repositories/market-writes.ts'
import { fetchMarkets, fetchMarketsByCondition } from './upstream-client.ts'

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
  const { markets, skipped } = await fetchMarkets(provider, signal)
  if (markets.length === 0) throw new Error(`expected markets from ${provider.url}, got none`)
  const changed = await store(options, markets)
  log.info({ markets: markets.length, changed, skipped }, 'markets imported')
}

/** Those of some condition ids, as far as the provider has them. */
export async function importMarketsByCondition(
  options: MarketImportOptions,
  wanted: { readonly ids: readonly string[]; readonly signal: AbortSignal },
): Promise<void> {
  const { markets, skipped } = await fetchMarketsByCondition(options.provider, wanted)
  const changed = await store(options, markets)
  const asked = wanted.ids.length
  options.log.info({ asked, markets: markets.length, changed, skipped }, 'new markets imported')
}

async function store(options: MarketImportOptions, markets: readonly Market[]): Promise<number> {
  const { transact, index, onNewTokens } = options
  const change = await transact(marketsImported.reason, async (transaction) => {
    const changes = []
    for (let start = 0; start < markets.length; start += rowsPerStatement) {
      const rows = markets.slice(start, start + rowsPerStatement)
      changes.push(...(await importMarkets(transaction, rows)))
    }
    return changes
  })
  if (change.length > 0) await announce(options, { write: marketsImported, change })
  if (index.add(markets)) onNewTokens()
  return change.length
}
