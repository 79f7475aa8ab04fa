import { type Cache, defineCatalog, family } from 'staleproof'
import { firstOf, type LiveData, openLiveData, type StreamSink } from 'staleproof/source'
import { z } from 'zod'

const quote = z.object({ id: z.string(), price: z.number().default(0), seq: z.int() })
export type Quote = z.infer<typeof quote>

export const catalog = defineCatalog('shop', {
  price: family('price:{id}', { value: quote, ttl: '20s', order: ({ seq }) => seq }),
})

// Yours: whoever pushes, answers and remembers.
export interface Provider {
  listen(sink: StreamSink): () => void
  prices(signal: AbortSignal): Promise<unknown[]>
}
export interface Database {
  lastPrices(): Promise<Quote[]>
  pricesOf(ids: readonly string[]): Promise<(Quote | undefined)[]>
}

export function openQuotes(
  provider: Provider,
  database: Database,
  cache: Cache<typeof catalog.families>,
): LiveData<Quote> {
  return openLiveData({
    name: 'quotes',
    sources: [
      { name: 'stream', stream: (sink) => provider.listen(sink), silentAfter: '10s' },
      { name: 'poll', poll: ({ signal }) => provider.prices(signal), every: '2s' },
      { name: 'database', fallback: () => database.lastPrices(), every: '30s' },
    ],
    parse: (row) => quote.parse(row),
    key: ({ id }) => id,
    order: ({ seq }) => seq,
    fallAfter: '2s',
    returnAfter: '30s',
    onData: (data) => {
      for (const { key, value, isLive } of data) {
        if (isLive) cache.price.set(key, value).catch(console.error)
      }
    },
  })
}

// A source of a cache that asks several places.
export function priceSource(quotes: LiveData<Quote>, database: Database) {
  return firstOf({
    name: 'price',
    sources: [
      { name: 'live', many: (ids: readonly string[]) => ids.map((id) => quotes.get(id)?.value) },
      { name: 'database', many: (ids) => database.pricesOf(ids), timeout: '1s' },
    ],
  })
}
