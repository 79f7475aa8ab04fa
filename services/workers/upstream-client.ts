/** The provider over HTTP: markets and quotes, row by row; a row that can't be used is counted. */
import { z } from 'zod'
import type { Market } from '../domain/market.ts'
import type { Quote } from '../domain/price.ts'
import { askProvider, type Provider } from '../process/provider-quota.ts'
import {
  marketSchema,
  momentMs,
  priceSchema,
  type UpstreamMarket,
} from '../upstream/client-types.ts'

export interface MarketRows {
  readonly markets: readonly Market[]
  /** Rows that lack what a market needs, that no table can hold, or that are there already. */
  readonly skipped: number
}

const pageSize = 500
/** More markets than this are not imported. */
const marketsMax = 20_000
/** Ids in one request: the provider takes 500, and an address of 8 kB has room for so many. */
const byCondition = { path: '/markets?condition_ids=', idsMax: 100 }
const byMarket = { path: '/prices?market_ids=', idsMax: 500 }
const rows = z.array(z.unknown())

interface Wanted {
  readonly ids: readonly string[]
  readonly signal: AbortSignal
}

export async function fetchMarkets(provider: Provider, signal: AbortSignal): Promise<MarketRows> {
  const found: unknown[] = []
  for (let offset = 0; offset < marketsMax; offset += pageSize) {
    const path = `/markets?limit=${pageSize}&offset=${offset}`
    const page = rows.parse((await askProvider(provider, path, signal)).body)
    found.push(...page)
    if (page.length < pageSize) break
  }
  return marketsIn(found)
}

/** Those that the provider knows; `ids` are condition ids. */
export async function fetchMarketsByCondition(
  provider: Provider,
  wanted: Wanted,
): Promise<MarketRows> {
  return marketsIn(await fetchByIds(provider, byCondition, wanted))
}

/** Rows as they came; `quoteOfRow` reads them. */
export function fetchQuoteRows(provider: Provider, wanted: Wanted): Promise<unknown[]> {
  return fetchByIds(provider, byMarket, wanted)
}

/** Throws at a row that lacks what a quote needs. */
export function quoteOfRow(row: unknown): Quote {
  const {
    market_id: marketId,
    best_bid: bid = 0,
    best_ask: ask = 1,
    seq,
    timestamp,
  } = priceSchema.parse(row)
  return { marketId, bid, ask, seq, quotedAt: new Date(timestamp).toISOString() }
}

async function fetchByIds(
  provider: Provider,
  { path, idsMax }: typeof byMarket,
  { ids, signal }: Wanted,
): Promise<unknown[]> {
  const found: unknown[] = []
  for (let start = 0; start < ids.length; start += idsMax) {
    const some = ids.slice(start, start + idsMax).map(encodeURIComponent)
    const { body } = await askProvider(provider, `${path}${some.join(',')}`, signal)
    found.push(...rows.parse(body))
  }
  return found
}

function marketsIn(found: readonly unknown[]): MarketRows {
  const markets = distinct(found.map(toMarket).filter((market) => market !== undefined))
  return { markets, skipped: found.length - markets.length }
}

/** The first of those that share a name. While pages are read one may move to the next of them. */
function distinct(markets: readonly Market[]): Market[] {
  const taken = new Set<string>()
  return markets.filter(({ id, conditionId, yesTokenId, noTokenId }) => {
    const tokens = [`token ${yesTokenId}`, `token ${noTokenId}`]
    const names = [`market ${id}`, `condition ${conditionId}`, ...tokens]
    const isNew = !names.some((name) => taken.has(name))
    if (isNew) for (const name of names) taken.add(name)
    return isNew
  })
}

/** PostgreSQL has no NUL in a text. */
const words = z
  .string()
  .max(10_000)
  .regex(/^[^\0]*$/)
const wordsSchema = z.object({ slug: words, question: words, category: words })

function toMarket(row: unknown): Market | undefined {
  const parsed = marketSchema.safeParse(row)
  if (!parsed.success) return undefined
  const { conditionId, clobTokenIds, createdAt } = parsed.data
  const text = textOf(parsed.data)
  if (!wordsSchema.safeParse(text).success) return undefined
  const [yesTokenId, noTokenId] = clobTokenIds
  if (conditionId === undefined || yesTokenId === undefined || noTokenId === undefined) {
    return undefined
  }
  return {
    ...text,
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

function isoOf(text: string | undefined): string | null {
  const moment = momentMs.safeParse(Date.parse(text ?? ''))
  return moment.success ? new Date(moment.data).toISOString() : null
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100
}
