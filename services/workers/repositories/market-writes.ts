/** Imports markets: one statement, and only what differs from what is there is written. */
import { sql } from 'drizzle-orm'
import type { Transaction } from '../../database/connection.ts'
import { markets } from '../../database/schema.ts'
import type { Market } from '../../domain/market.ts'
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
  const written = await transaction
    .insert(markets)
    .values(values)
    .onConflictDoUpdate({ target: markets.id, set: replacement, setWhere: differs })
    .returning()
  return written.map((row) => ({
    id: row.id,
    conditionId: row.conditionId,
    tokenIds: [row.yesTokenId, row.noTokenId],
  }))
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
