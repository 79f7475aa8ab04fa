/**
 * From the provider to the database: markets by regular import, quotes by the market channel, and
 * by polling while that channel is down.
 */
import type { Transact } from '../database/transact.ts'
import type { PolycoolCache } from '../domain/writes.ts'
import type { ServiceLogger } from '../process/logger.ts'
import { Loop } from '../process/loop.ts'
import { importAllMarkets } from './market-import.ts'
import { MarketIndex } from './market-index.ts'
import { PriceWriter } from './price-writer.ts'
import { QuoteStream } from './quote-stream.ts'
import { fetchQuotes } from './upstream-client.ts'

export interface IngestionOptions {
  readonly cache: PolycoolCache
  readonly transact: Transact
  readonly log: ServiceLogger
  readonly upstreamUrl: string
  readonly upstreamWsUrl: string
  readonly priceBatchMs: number
  readonly marketImportMs: number
  /** Told of the markets whose price was replaced, after the commit. */
  readonly onPrices: (marketIds: readonly string[]) => void
}

export interface Ingestion {
  readonly status: () => object
  close(): Promise<void>
}

const fallbackPollMs = 2_000

export function openIngestion(options: IngestionOptions): Ingestion {
  const { log, upstreamUrl, upstreamWsUrl, priceBatchMs, onPrices } = options
  const index = new MarketIndex()
  const writer = new PriceWriter({ ...options, batchMs: priceBatchMs, onWritten: onPrices })
  const stream = new QuoteStream({
    url: upstreamWsUrl,
    index,
    log,
    onQuotes: (quotes) => writer.add(quotes),
  })
  const imports = new Loop({
    name: 'market-import',
    pauseMs: options.marketImportMs,
    log,
    run: (signal) =>
      importAllMarkets({ ...options, index, onNewTokens: () => stream.subscribe() }, signal),
  })
  const polls = new Loop({
    name: 'quote-poll',
    pauseMs: fallbackPollMs,
    log,
    run: async (signal) => {
      if (stream.isUp || index.marketIds.length === 0) return
      writer.add(await fetchQuotes(upstreamUrl, { marketIds: index.marketIds, signal }))
    },
  })
  return {
    status: () => ({
      markets: index.marketIds.length,
      quotes: stream.isUp ? 'stream' : 'poll',
      skippedMessages: stream.skipped,
    }),
    close: async () => {
      stream.close()
      await Promise.all([imports.close(), polls.close()])
      await writer.close()
    },
  }
}
