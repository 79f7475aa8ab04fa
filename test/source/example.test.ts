/** The example of the guide is the file beside this one, and it works. */
import { readFileSync } from 'node:fs'
import { openCache } from 'staleproof'
import type { StreamSink } from 'staleproof/source'
import { expect, it } from 'vitest'
import { eventually } from '../servers/eventually.ts'
import { catalog, type Database, openQuotes, type Provider, priceSource } from './example.ts'

const page = new URL('../../docs/sources.md', import.meta.url)
const example = new URL('./example.ts', import.meta.url)

it('docs/sources.md shows the example as it is compiled', () => {
  expect(readFileSync(page, 'utf8')).toContain(readFileSync(example, 'utf8').trim())
})

it('the example of the guide fills a cache from a stream and reads two places', async () => {
  const sinks: StreamSink[] = []
  const listen = (sink: StreamSink) => {
    sinks.push(sink)
    return () => {}
  }
  const provider: Provider = { listen, prices: async () => [] }
  const stored = { id: 'b', price: 2, seq: 1 }
  const database: Database = {
    lastPrices: async () => [stored],
    pricesOf: async (ids) => ids.map((id) => (id === 'b' ? stored : undefined)),
  }
  const writer = await openCache(catalog, { service: 'writer', log: false })
  const quotes = openQuotes(provider, database, writer)
  const sources = { price: priceSource(quotes, database) }
  const cache = await openCache(catalog, { service: 'api', log: false, sources })
  sinks[0]?.rows([{ id: 'a', price: 1, seq: 7 }, { no: 'quote' }])
  await eventually('the stream is up', () => quotes.stats().sources[0]?.state === 'up')
  expect(await cache.price.getMany(['a', 'b'])).toEqual([{ id: 'a', price: 1, seq: 7 }, stored])
  await quotes.close()
  await cache.close()
  await writer.close()
})
