import { afterEach, expect, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { sampleQuote } from '../api/testing/sample-data.ts'
import type { Quote } from '../domain/price.ts'
import { silentLogger } from '../process/logger.ts'
import {
  type MarketData,
  type MarketSource,
  marketDataDefaults,
  openMarketDataLayer,
} from './market-data-layer.ts'

let data: MarketData | undefined

afterEach(() => data?.close())

/** Only one source is on, and answers some rows. */
function open(source: MarketSource, rows: readonly unknown[], told: Quote[] = []): MarketData {
  const read = () => rows
  const quoteOf = (row: unknown) => row as Quote
  data = openMarketDataLayer({
    settings: { ...marketDataDefaults, enabled: [source] },
    stream: (sink) => {
      sink.rows(rows)
      return () => undefined
    },
    poll: read,
    stored: read,
    quoteOf: { stream: quoteOf, poll: quoteOf },
    log: silentLogger(),
    onQuotes: (quotes) => told.push(...quotes),
  })
  return data
}

test('stored quotes are held and marked, and nobody is told to write them', async () => {
  const told: Quote[] = []
  const data = open('database', [sampleQuote('11')], told)
  await eventually('the stored quote is there', () => data.get('11') !== undefined)
  expect(data.get('11')).toMatchObject({ source: 'database', isLive: false })
  expect(told).toEqual([])
})

test.each(['stream', 'poll'] as const)('quotes of the %s are live and told', async (source) => {
  const told: Quote[] = []
  const data = open(source, [sampleQuote('11')], told)
  await eventually('the quote is there', () => data.get('11') !== undefined)
  expect(data.get('11')).toMatchObject({ source, isLive: true })
  expect(told).toEqual([sampleQuote('11')])
})

test('prices are brought into their range, and what is no quote is skipped', async () => {
  const data = open('stream', [
    sampleQuote('11', { bid: -0.2, ask: 1.4 }),
    { ...sampleQuote('12'), seq: 'high' },
    { ...sampleQuote('13'), quotedAt: 'noon' },
    sampleQuote(''),
    undefined,
  ])
  expect(data.page({ offset: 0, limit: 9 }).map(({ value }) => value)).toEqual([
    sampleQuote('11', { bid: 0, ask: 1 }),
  ])
  expect(data.stats().sources[0]).toMatchObject({ applied: 1, invalid: 3, ignored: 1 })
})
