/**
 * From the provider to the database: markets by regular import, quotes by the market data layer
 * from whichever of its sources works.
 */
import {
  type MarketData,
  type MarketDataSettings,
  openMarketDataLayer,
} from '../caches/market-data-layer.ts'
import type { Database } from '../database/connection.ts'
import type { Transact } from '../database/transact.ts'
import type { PolycoolCache } from '../domain/writes.ts'
import type { ServiceLogger } from '../process/logger.ts'
import { Loop } from '../process/loop.ts'
import { type Provider, providerAt } from '../process/provider-quota.ts'
import { marketMessageSchema } from '../upstream/client-types.ts'
import { importAllMarkets, importMarketsByCondition } from './market-import.ts'
import { MarketIndex } from './market-index.ts'
import { PriceWriter } from './price-writer.ts'
import { quoteOf } from './quote-of.ts'
import { QuoteStream } from './quote-stream.ts'
import { lastQuotes } from './repositories/market-reads.ts'
import { UnknownMarkets } from './unknown-markets.ts'
import { fetchQuoteRows, quoteOfRow } from './upstream-client.ts'

export interface IngestionOptions {
  readonly cache: PolycoolCache
  readonly database: Database
  readonly transact: Transact
  readonly log: ServiceLogger
  readonly upstreamUrl: string
  readonly upstreamWsUrl: string
  readonly priceBatchMs: number
  readonly marketImportMs: number
  readonly marketData: MarketDataSettings
  /** Told of the markets whose price was replaced, after the commit. */
  readonly onPrices: (marketIds: readonly string[]) => void
}

export interface Ingestion {
  readonly marketData: MarketData
  readonly status: () => object
  close(): Promise<void>
}

export function openIngestion(options: IngestionOptions): Ingestion {
  const { log, priceBatchMs, onPrices, marketImportMs, upstreamWsUrl } = options
  const index = new MarketIndex()
  const stream = new QuoteStream(upstreamWsUrl)
  const provider = providerAt(options.upstreamUrl, options.cache)
  const importing = { ...options, provider, index, onNewTokens: () => stream.resubscribe() }
  const closing = new AbortController()
  const unknown = new UnknownMarkets({
    ...options,
    bringIn: (ids) => importMarketsByCondition(importing, { ids, signal: closing.signal }),
  })
  const writer = new PriceWriter({ ...options, batchMs: priceBatchMs, onWritten: onPrices })
  const marketData = openQuotes(options, { provider, index, stream, unknown, writer })
  const imports = new Loop({
    name: 'market-import',
    pauseMs: marketImportMs,
    log,
    run: (signal) => importAllMarkets(importing, signal),
  })
  return {
    marketData,
    status: () => ({
      markets: index.size,
      unknownMarkets: unknown.counts,
      quotesDropped: writer.dropped,
      ...healthOf(marketData),
    }),
    close: async () => {
      closing.abort()
      await Promise.all([marketData.close(), imports.close(), unknown.close()])
      await writer.close()
    },
  }
}

interface QuoteParts {
  readonly provider: Provider
  readonly index: MarketIndex
  readonly stream: QuoteStream
  readonly unknown: UnknownMarkets
  readonly writer: PriceWriter
}

function openQuotes(
  { marketData: settings, database, log }: IngestionOptions,
  { provider, index, stream, unknown, writer }: QuoteParts,
): MarketData {
  return openMarketDataLayer({
    settings,
    log,
    stream: (sink) => stream.open(sink),
    poll: ({ signal }) => fetchQuoteRows(provider, { ids: index.marketIds, signal }),
    stored: () => lastQuotes(database),
    quoteOf: {
      stream: (row) => {
        const message = marketMessageSchema.parse(row)
        // Before the first import nothing is known, and nothing unusual.
        if (index.size > 0 && !index.knows(message.market)) unknown.note(message.market)
        return quoteOf(message, index)
      },
      poll: (row) => {
        const quote = quoteOfRow(row)
        return index.has(quote.marketId) ? quote : undefined
      },
    },
    onQuotes: (quotes) => writer.add(quotes),
  })
}

/** What everybody may know: no messages of errors, which may name addresses. */
function healthOf(marketData: MarketData): object {
  const { active, switches, sources } = marketData.stats()
  return {
    quotes: active ?? 'none',
    sourceSwitches: switches,
    sources: sources.map(({ name, state, applied, invalid, failures, newestAgeMs }) => ({
      name,
      state,
      applied,
      invalid,
      failures,
      newestAgeMs,
    })),
  }
}
