/** The provider over HTTP: markets and quotes, row by row; a row that can't be used is counted. */
import { z } from 'zod'
import type { Market } from '../domain/market.ts'
import type { Quote } from '../domain/price.ts'
import { requestJson } from '../process/http-client.ts'
import { marketSchema, priceSchema, type UpstreamMarket } from '../upstream/client-types.ts'

export interface MarketRows {
  readonly markets: readonly Market[]
  /** Rows that lack what a market needs. */
  readonly skipped: number
}

const pageSize = 500
/** More markets than this are not imported. */
const marketsMax = 20_000
const idsPerRequest = 200
const rows = z.array(z.unknown())

export async function fetchMarkets(upstreamUrl: string, signal: AbortSignal): Promise<MarketRows> {
  const markets: Market[] = []
  let skipped = 0
  for (let offset = 0; offset < marketsMax; offset += pageSize) {
    const url = `${upstreamUrl}/markets?limit=${pageSize}&offset=${offset}`
    const page = rows.parse((await requestJson(url, { signal })).body)
    for (const row of page) {
      const market = toMarket(row)
      if (market === undefined) skipped += 1
      else markets.push(market)
    }
    if (page.length < pageSize) break
  }
  return { markets, skipped }
}

export async function fetchQuotes(
  upstreamUrl: string,
  { marketIds, signal }: { readonly marketIds: readonly string[]; readonly signal: AbortSignal },
): Promise<Quote[]> {
  const quotes: Quote[] = []
  for (let start = 0; start < marketIds.length; start += idsPerRequest) {
    const ids = marketIds.slice(start, start + idsPerRequest).map(encodeURIComponent)
    const url = `${upstreamUrl}/prices?market_ids=${ids.join(',')}`
    for (const row of rows.parse((await requestJson(url, { signal })).body)) {
      const quote = toQuote(row)
      if (quote !== undefined) quotes.push(quote)
    }
  }
  return quotes
}

function toMarket(row: unknown): Market | undefined {
  const parsed = marketSchema.safeParse(row)
  if (!parsed.success) return undefined
  const { conditionId, clobTokenIds, createdAt } = parsed.data
  const [yesTokenId, noTokenId] = clobTokenIds
  if (conditionId === undefined || yesTokenId === undefined || noTokenId === undefined) {
    return undefined
  }
  return {
    ...textOf(parsed.data),
    conditionId,
    yesTokenId,
    noTokenId,
    volume: cents(parsed.data.volume),
    liquidity: cents(parsed.data.liquidity),
    endsAt: isoOf(parsed.data.endDate),
    isActive: parsed.data.active && !parsed.data.closed,
    createdAt: isoOf(createdAt) ?? new Date(0).toISOString(),
  }
}

function textOf(row: UpstreamMarket) {
  const { id, slug, question, groupItemTitle, category, events } = row
  const isNamed = groupItemTitle !== '' && !question.includes(groupItemTitle)
  return {
    id,
    slug,
    question: isNamed ? `${question} (${groupItemTitle})` : question,
    category,
    groupId: events[0]?.id ?? null,
  }
}

function toQuote(row: unknown): Quote | undefined {
  const parsed = priceSchema.safeParse(row)
  if (!parsed.success) return undefined
  const { market_id: marketId, best_bid: bid = 0, best_ask: ask = 1, seq, timestamp } = parsed.data
  return { marketId, bid, ask, seq, quotedAt: new Date(timestamp).toISOString() }
}

function isoOf(text: string | undefined): string | null {
  const atMs = Date.parse(text ?? '')
  return Number.isNaN(atMs) ? null : new Date(atMs).toISOString()
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100
}
