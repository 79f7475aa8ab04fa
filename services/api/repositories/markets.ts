/** Markets as readers ask for them; the workers write them. */
import { and, asc, desc, eq, gt, inArray, lt, sql } from 'drizzle-orm'
import type { Queryable } from '../../database/connection.ts'
import { markets } from '../../database/schema.ts'
import type { Market, MarketOrder } from '../../domain/market.ts'

export interface MarketPage {
  readonly order: MarketOrder
  readonly limit: number
  readonly offset: number
}

/** Aligned with `ids`; `undefined` where there is none. One query. */
export async function marketsByIds(
  database: Queryable,
  ids: readonly string[],
): Promise<(Market | undefined)[]> {
  const rows = await database
    .select()
    .from(markets)
    .where(inArray(markets.id, [...ids]))
  const byId = new Map(rows.map((row) => [row.id, toMarket(row)]))
  return ids.map((id) => byId.get(id))
}

export async function marketById(database: Queryable, id: string): Promise<Market | undefined> {
  const [market] = await marketsByIds(database, [id])
  return market
}

export async function marketIdByCondition(
  database: Queryable,
  conditionId: string,
): Promise<string | undefined> {
  const [row] = await database
    .select({ id: markets.id })
    .from(markets)
    .where(eq(markets.conditionId, conditionId))
  return row?.id
}

/** Active markets only; ties are broken by id, so that pages don't overlap. */
export async function marketPage(database: Queryable, page: MarketPage): Promise<Market[]> {
  const rows = await database
    .select()
    .from(markets)
    .where(filterOf(page.order))
    .orderBy(sortOf(page.order), asc(markets.id))
    .limit(page.limit)
    .offset(page.offset)
  return rows.map(toMarket)
}

/** In the order of their ids, as text. */
export async function activeMarketIds(database: Queryable): Promise<string[]> {
  const rows = await database
    .select({ id: markets.id })
    .from(markets)
    .where(eq(markets.isActive, true))
    .orderBy(asc(markets.id))
  return rows.map((row) => row.id)
}

function filterOf(order: MarketOrder) {
  const isActive = eq(markets.isActive, true)
  if (order !== 'ending') return isActive
  const inAWeek = sql`now() + interval '168 hours'`
  return and(isActive, gt(markets.endsAt, sql`now()`), lt(markets.endsAt, inAWeek))
}

function sortOf(order: MarketOrder) {
  switch (order) {
    case 'volume':
      return desc(markets.volume)
    case 'liquidity':
      return desc(markets.liquidity)
    case 'new':
      return desc(markets.createdAt)
    case 'ending':
      return asc(markets.endsAt)
  }
}

function toMarket(row: typeof markets.$inferSelect): Market {
  const createdAt = row.createdAt.toISOString()
  return { ...row, createdAt, endsAt: row.endsAt?.toISOString() ?? null }
}
