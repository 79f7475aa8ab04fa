/** Which market and outcome a token stands for. */
import { inArray, or } from 'drizzle-orm'
import type { Database } from '../../database/connection.ts'
import { markets } from '../../database/schema.ts'
import type { TokenMeaning } from '../../domain/leader.ts'

/** Aligned with `tokenIds`; `undefined` for tokens of markets that were not imported. */
export async function tokenMeanings(
  database: Database,
  tokenIds: readonly string[],
): Promise<(TokenMeaning | undefined)[]> {
  const { id, yesTokenId, noTokenId } = markets
  const wanted = [...tokenIds]
  const rows = await database
    .select({ id, yesTokenId, noTokenId })
    .from(markets)
    .where(or(inArray(yesTokenId, wanted), inArray(noTokenId, wanted)))
  const meanings = new Map<string, TokenMeaning>()
  for (const row of rows) {
    meanings.set(row.yesTokenId, { marketId: row.id, outcome: 'yes' })
    meanings.set(row.noTokenId, { marketId: row.id, outcome: 'no' })
  }
  return tokenIds.map((tokenId) => meanings.get(tokenId))
}

/** False before the first import. */
export async function hasMarkets(database: Database): Promise<boolean> {
  const rows = await database.select({ id: markets.id }).from(markets).limit(1)
  return rows.length > 0
}
