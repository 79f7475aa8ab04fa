/** Imports markets: one statement, and only what differs from what is there is written. */
import { inArray, sql } from 'drizzle-orm'
import type { Transaction } from '../../database/connection.ts'
import { markets } from '../../database/schema.ts'
import type { Market } from '../../domain/market.ts'
import { searchedText } from '../../domain/search.ts'
import type { MarketChange } from '../../domain/writes.ts'

/** Returns the markets that are new or differ. */
export async function importMarkets(
  transaction: Transaction,
  rows: readonly Market[],
): Promise<MarketChange[]> {
  if (rows.length === 0) return []
  const values = rows
    // One order for everybody, so that two imports wait for each other instead of deadlocking.
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((market) => ({ ...market, createdAt: new Date(market.createdAt), endsAt: endOf(market) }))
  const before = await storedMarkets(transaction, rows)
  const written = await transaction
    .insert(markets)
    .values(values)
    .onConflictDoUpdate({ target: markets.id, set: replacement, setWhere: differs })
    .returning()
  return written.map((row) => changeOf(row, before.get(row.id)))
}

type MarketRow = typeof markets.$inferSelect

function changeOf(row: MarketRow, before: MarketRow | undefined): MarketChange {
  return {
    id: row.id,
    isNew: before === undefined,
    conditionId: row.conditionId,
    tokenIds: [row.yesTokenId, row.noTokenId],
    changesSearch: searchedText(row) !== (before === undefined ? '' : searchedText(before)),
    isRenamed: before !== undefined && row.question !== before.question,
    opensOrCloses: row.isActive !== (before?.isActive ?? false),
    groupIds: changedGroups(row, before),
  }
}

/** The groups of a market before and after, where its place or its label in them has changed. */
function changedGroups(row: MarketRow, before: MarketRow | undefined): string[] {
  const isSame = row.groupId === before?.groupId && row.question === before.question
  if (isSame) return []
  return [...new Set([row.groupId, before?.groupId])].filter((id) => typeof id === 'string')
}

/** By id, of those that are there; locked, so that nobody changes them until they are written. */
async function storedMarkets(
  transaction: Transaction,
  rows: readonly Market[],
): Promise<ReadonlyMap<string, MarketRow>> {
  const known = await transaction
    .select()
    .from(markets)
    .where(
      inArray(
        markets.id,
        rows.map((row) => row.id),
      ),
    )
    .orderBy(markets.id)
    .for('update')
  return new Map(known.map((row) => [row.id, row]))
}

function endOf(market: Market): Date | null {
  return market.endsAt === null ? null : new Date(market.endsAt)
}

// The identity of a market (condition, tokens, day of creation) never changes upstream.
const replacement = {
  question: sql`excluded.question`,
  category: sql`excluded.category`,
  groupId: sql`excluded.group_id`,
  volume: sql`excluded.volume`,
  liquidity: sql`excluded.liquidity`,
  endsAt: sql`excluded.ends_at`,
  isActive: sql`excluded.is_active`,
}

const differs = sql`(markets.question, markets.category, markets.group_id, markets.volume,
    markets.liquidity, markets.ends_at, markets.is_active)
  is distinct from (excluded.question, excluded.category, excluded.group_id, excluded.volume,
    excluded.liquidity, excluded.ends_at, excluded.is_active)`
