/** Writes a batch of quotes: one statement, and an older quote never replaces a newer one. */
import { sql } from 'drizzle-orm'
import type { Transaction } from '../../database/connection.ts'
import { prices } from '../../database/schema.ts'
import type { Quote } from '../../domain/price.ts'

/** At most one quote for each market. Returns those that replaced an older one, or none. */
export async function writeQuotes(
  transaction: Transaction,
  quotes: readonly Quote[],
): Promise<Quote[]> {
  if (quotes.length === 0) return []
  const values = quotes
    // One order for everybody, so that two batches wait for each other instead of deadlocking.
    .toSorted((a, b) => (a.marketId < b.marketId ? -1 : 1))
    .map((quote) => ({ ...quote, quotedAt: new Date(quote.quotedAt) }))
  const written = await transaction
    .insert(prices)
    .values(values)
    .onConflictDoUpdate({
      target: prices.marketId,
      set: {
        bid: sql`excluded.bid`,
        ask: sql`excluded.ask`,
        seq: sql`excluded.seq`,
        quotedAt: sql`excluded.quoted_at`,
      },
      setWhere: sql`prices.seq < excluded.seq`,
    })
    .returning({ marketId: prices.marketId })
  const replaced = new Set(written.map((row) => row.marketId))
  return quotes.filter((quote) => replaced.has(quote.marketId))
}
