/**
 * Takes quotes as they come, keeps the newest of each market, and writes them in batches: one
 * transaction, then exactly the quotes that replaced a price are written through to the caches.
 */
import type { Transact } from '../database/transact.ts'
import type { Quote } from '../domain/price.ts'
import { type PolycoolCache, pricesWritten } from '../domain/writes.ts'
import { announce } from '../process/announce.ts'
import type { ServiceLogger } from '../process/logger.ts'
import { DebouncedBatch } from './debounced-batch.ts'
import { writeQuotes } from './repositories/price-writes.ts'

export interface PriceWriterOptions {
  readonly cache: PolycoolCache
  readonly transact: Transact
  readonly log: ServiceLogger
  /** Longest wait of a quote, and shortest time between two batches. */
  readonly batchMs: number
  /** Told of the markets whose price was replaced, after the commit. */
  readonly onWritten: (marketIds: readonly string[]) => void
}

export class PriceWriter {
  readonly #options: PriceWriterOptions
  /** Bounded by the number of markets: only known ones are handed in. */
  readonly #newest = new Map<string, Quote>()
  readonly #batch: DebouncedBatch<string>

  constructor(options: PriceWriterOptions) {
    this.#options = options
    const { batchMs, log } = options
    const write = (marketIds: readonly string[]) => this.#write(marketIds)
    this.#batch = new DebouncedBatch({
      name: 'prices',
      delayMs: batchMs,
      gapMs: batchMs,
      log,
      write,
    })
  }

  add(quotes: readonly Quote[]): void {
    for (const quote of quotes) {
      const known = this.#newest.get(quote.marketId)
      if (known === undefined || known.seq < quote.seq) this.#newest.set(quote.marketId, quote)
    }
    this.#batch.add(quotes.map((quote) => quote.marketId))
  }

  close(): Promise<void> {
    return this.#batch.close()
  }

  async #write(marketIds: readonly string[]): Promise<void> {
    const quotes = marketIds
      .map((id) => this.#newest.get(id))
      .filter((quote) => quote !== undefined)
    const { transact, onWritten } = this.#options
    const change = await transact(pricesWritten.reason, (transaction) =>
      writeQuotes(transaction, quotes),
    )
    for (const quote of quotes) {
      if (this.#newest.get(quote.marketId) === quote) this.#newest.delete(quote.marketId)
    }
    await announce(this.#options, { write: pricesWritten, change })
    onWritten(change.map((quote) => quote.marketId))
  }
}
