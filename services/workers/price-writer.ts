/**
 * Takes quotes as they come, keeps the newest of each market, and writes them in batches: one
 * transaction, then exactly the quotes that replaced a price are written through to the caches.
 * A quote that the database refuses for what is in it is dropped, and keeps no other from it.
 */
import type { Transact } from '../database/transact.ts'
import type { Quote } from '../domain/price.ts'
import { type PolycoolCache, pricesWritten } from '../domain/writes.ts'
import { commitWrite } from '../process/commit-write.ts'
import type { ServiceLogger } from '../process/logger.ts'
import { DebouncedBatch } from './debounced-batch.ts'
import { writeQuotes } from './repositories/price-writes.ts'
import { type Refused, writeAcceptable } from './write-acceptable.ts'

export interface PriceWriterOptions {
  readonly cache: PolycoolCache
  readonly transact: Transact
  readonly log: ServiceLogger
  /** Longest wait of a quote, and shortest time between two batches. */
  readonly batchMs: number
  /** Told after the commit of the markets whose price was replaced, or may have been. */
  readonly onWritten: (marketIds: readonly string[]) => void
}

export class PriceWriter {
  readonly #options: PriceWriterOptions
  /** Bounded by the number of markets: only known ones are handed in. */
  readonly #newest = new Map<string, Quote>()
  readonly #batch: DebouncedBatch<string>
  #dropped = 0

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

  /** Quotes that the database has refused. */
  get dropped(): number {
    return this.#dropped
  }

  close(): Promise<void> {
    return this.#batch.close()
  }

  async #write(marketIds: readonly string[]): Promise<void> {
    const quotes = marketIds
      .map((id) => this.#newest.get(id))
      .filter((quote) => quote !== undefined)
    const commit = (some: readonly Quote[]) => this.#commit(some)
    const refused = await writeAcceptable(quotes, commit).catch((error: unknown) => {
      // They may be there, and then the next attempt finds nothing to replace.
      this.#options.onWritten(marketIds)
      throw error
    })
    for (const quote of quotes) {
      if (this.#newest.get(quote.marketId) === quote) this.#newest.delete(quote.marketId)
    }
    this.#drop(refused)
  }

  async #commit(quotes: readonly Quote[]): Promise<void> {
    const options = this.#options
    const { result } = await commitWrite(options, pricesWritten, async (transaction) => {
      const change = await writeQuotes(transaction, quotes)
      return { result: change, change }
    })
    options.onWritten(result.map((quote) => quote.marketId))
  }

  #drop(refused: readonly Refused<Quote>[]): void {
    const [first] = refused
    if (first === undefined) return
    this.#dropped += refused.length
    const { error, item } = first
    const facts = { dropped: refused.length, marketId: item.marketId, err: error }
    this.#options.log.warn(facts, 'quotes dropped')
  }
}
