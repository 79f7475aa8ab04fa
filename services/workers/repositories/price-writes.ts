/** Writes a batch of quotes: one statement, and an older quote never replaces a newer one. */
import { sql } from 'drizzle-orm'
import type { Transaction } from '../../database/connection.ts'
import type { Quote } from '../../domain/price.ts'

/**
 * At most one quote for each market; those of markets that are not in the table are left out.
 * Returns those that replaced an older one, or none. They are one parameter, whatever their
 * number, and sorted, so that two batches wait for each other instead of deadlocking.
 */
export async function writeQuotes(
  transaction: Transaction,
  quotes: readonly Quote[],
): Promise<Quote[]> {
  if (quotes.length === 0) return []
  const { rows } = await transaction.execute<{ market_id: string }>(sql`
    insert into prices (market_id, bid, ask, seq, quoted_at)
    select markets.id, quoted.bid, quoted.ask, quoted.seq, quoted."quotedAt"
    from jsonb_to_recordset(${JSON.stringify(quotes)}::jsonb) as quoted (
      "marketId" text, bid numeric, ask numeric, seq bigint, "quotedAt" timestamptz
    )
    join markets on markets.id = quoted."marketId"
    order by markets.id
    on conflict (market_id) do update set
      bid = excluded.bid, ask = excluded.ask, seq = excluded.seq, quoted_at = excluded.quoted_at
    where prices.seq < excluded.seq
    returning market_id`)
  const replaced = new Set(rows.map((row) => row.market_id))
  return quotes.filter((quote) => replaced.has(quote.marketId))
}
