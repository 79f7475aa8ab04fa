// The HTTP interface of the provider, read only.

import { z } from 'zod'
import { notFound } from '../process/service-error.ts'
import type { Exchange } from './exchange.ts'
import { createdAtMs, endAtMs, eventRow, marketRow, priceRow, tradeRow } from './gamma.ts'
import { leaderRows } from './leaderboard.ts'
import type { Market } from './market.ts'
import { bookOf } from './order-book.ts'
import type { OutsideServer } from './outside-server.ts'
import type { TradeDesk } from './trade-desk.ts'

export const PAGE_MAX = 500
const PAGE_DEFAULT = 100

/** The state that the routes show. */
export interface Venue {
  readonly exchange: Exchange
  readonly desk: TradeDesk
}

const page = {
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT),
  offset: z.coerce.number().int().nonnegative().default(0),
}
const list = z
  .string()
  .max(PAGE_MAX * 80)
  .transform((text) => text.split(',').filter((item) => item !== ''))
  .pipe(z.array(z.string()).max(PAGE_MAX))
const orders = z.enum(['volume', 'liquidity', 'new', 'ending'])
const wallet = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((address) => address.toLowerCase())

export function addMarketRoutes(app: OutsideServer, { exchange }: Venue): void {
  const query = z.object({
    ...page,
    order: orders.optional(),
    ids: list.optional(),
    condition_ids: list.optional(),
  })
  app.get('/markets', { schema: { querystring: query } }, async ({ query }) => {
    const { limit, offset, order, ids, condition_ids: conditionIds } = query
    const nowMs = exchange.timestampMs()
    const wanted = selected(exchange, { ids, conditionIds })
    const sorted = order === undefined ? wanted : ordered(wanted, { order, exchange, nowMs })
    return sorted
      .slice(offset, offset + limit)
      .map((market) => marketRow(market, exchange.quote(market), nowMs))
  })
  const params = z.object({ id: z.string().max(100) })
  app.get('/markets/:id', { schema: { params } }, async ({ params }) => {
    const market = exchange.market(params.id)
    if (market === undefined) throw notFound('market', params.id)
    return marketRow(market, exchange.quote(market), exchange.timestampMs())
  })
  app.get('/events', { schema: { querystring: z.object(page) } }, async ({ query }) => {
    const nowMs = exchange.timestampMs()
    return [...grouped(exchange.markets).values()]
      .slice(query.offset, query.offset + query.limit)
      .map((markets) => eventRow(markets, exchange, nowMs))
  })
}

export function addPriceRoutes(app: OutsideServer, { exchange }: Venue): void {
  app.get(
    '/prices',
    { schema: { querystring: z.object({ market_ids: list }) } },
    async ({ query }) =>
      selected(exchange, { ids: query.market_ids }).map((market) =>
        priceRow(market, exchange.quote(market)),
      ),
  )
  const querystring = z.object({ token_id: z.string().max(100) })
  app.get('/book', { schema: { querystring } }, async ({ query }) => {
    const place = exchange.marketOfToken(query.token_id)
    if (place === undefined) throw notFound('token', query.token_id)
    const quote = exchange.quote(place.market)
    return {
      market: place.market.conditionId,
      asset_id: query.token_id,
      ...bookOf(place.market, quote, place.outcomeIndex),
      timestamp: String(quote.timestampMs),
      hash: `0x${quote.seq.toString(16)}`,
    }
  })
}

export function addTradeRoutes(app: OutsideServer, { exchange, desk }: Venue): void {
  const querystring = z.object({
    user: wallet.optional(),
    since: z.coerce.number().int().nonnegative().optional(),
    limit: page.limit,
  })
  app.get('/trades', { schema: { querystring } }, async ({ query }) => {
    const { user: address, since, limit } = query
    const trades =
      since === undefined
        ? desk.ledger.latest({ address, limit })
        : desk.ledger.since(since, { address, limit })
    return trades.map(tradeRow)
  })
  app.get('/leaders', async () => leaderRows(exchange, desk.ledger))
}

function selected(
  exchange: Exchange,
  wanted: { ids?: readonly string[] | undefined; conditionIds?: readonly string[] | undefined },
): readonly Market[] {
  const { ids, conditionIds } = wanted
  if (ids === undefined && conditionIds === undefined) return exchange.markets
  const found = new Set<Market>()
  for (const id of ids ?? []) add(exchange.market(id))
  for (const id of conditionIds ?? []) add(exchange.marketOfCondition(id))
  return [...found]

  function add(market: Market | undefined): void {
    if (market !== undefined) found.add(market)
  }
}

function ordered(
  markets: readonly Market[],
  { order, exchange, nowMs }: { order: z.output<typeof orders>; exchange: Exchange; nowMs: number },
): readonly Market[] {
  // The least comes first, so what is wanted largest is negated. Equal ranks keep their order.
  const rankOf = (market: Market): number => {
    const { volume24h } = exchange.quote(market)
    switch (order) {
      case 'volume':
        return -volume24h
      case 'liquidity':
        return -volume24h * market.liquidityFactor
      case 'new':
        return -createdAtMs(market, nowMs)
      case 'ending':
        return endAtMs(market, nowMs)
    }
  }
  const open = order === 'ending' ? markets.filter((market) => rankOf(market) > nowMs) : markets
  return open
    .map((market) => ({ market, rank: rankOf(market) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ market }) => market)
}

function grouped(markets: readonly Market[]): Map<string, Market[]> {
  const groups = new Map<string, Market[]>()
  for (const market of markets) {
    const group = groups.get(market.event.id)
    if (group === undefined) groups.set(market.event.id, [market])
    else group.push(market)
  }
  return groups
}
