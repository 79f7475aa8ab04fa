/** Brings the markets of the provider into the database, and tells who shows them. */
import type { Transact } from '../database/transact.ts'
import { marketsImported, type PolycoolCache } from '../domain/writes.ts'
import { announce } from '../process/announce.ts'
import type { ServiceLogger } from '../process/logger.ts'
import type { MarketIndex } from './market-index.ts'
import { importMarkets } from './repositories/market-writes.ts'
import { fetchMarkets } from './upstream-client.ts'

export interface MarketImportOptions {
  readonly cache: PolycoolCache
  readonly transact: Transact
  readonly log: ServiceLogger
  readonly upstreamUrl: string
  readonly index: MarketIndex
  /** Told after an import that brought tokens which were not known before. */
  readonly onNewTokens: () => void
}

/** PostgreSQL takes 65,535 parameters in a statement; a market has 13. */
const rowsPerStatement = 2_000

export async function importAllMarkets(
  options: MarketImportOptions,
  signal: AbortSignal,
): Promise<void> {
  const { transact, log, upstreamUrl, index, onNewTokens } = options
  const { markets, skipped } = await fetchMarkets(upstreamUrl, signal)
  if (markets.length === 0) throw new Error(`expected markets from ${upstreamUrl}, got none`)
  const change = await transact(marketsImported.reason, async (transaction) => {
    const changes = []
    for (let start = 0; start < markets.length; start += rowsPerStatement) {
      const rows = markets.slice(start, start + rowsPerStatement)
      changes.push(...(await importMarkets(transaction, rows)))
    }
    return changes
  })
  if (change.length > 0) await announce(options, { write: marketsImported, change })
  log.info({ markets: markets.length, changed: change.length, skipped }, 'markets imported')
  if (index.replace(markets)) onNewTokens()
}
