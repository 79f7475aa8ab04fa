/**
 * Brings the current price of open positions in line with the prices table: as many statements
 * whatever their number. Rows are locked in the order of their ids, so that two of these at the
 * same time wait for each other instead of deadlocking; and prices are read by a statement after
 * that, so that whoever had to wait sees what was committed meanwhile.
 */
import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../../database/connection.ts'
import type { PaidPositionChange } from '../../domain/writes.ts'
import { writeUserStats } from './user-stats.ts'
import { lockUsers } from './users.ts'

/** The positions of one user. Returns those whose price changed. */
export function syncPositionPrices(
  transaction: Transaction,
  userId: number,
): Promise<PaidPositionChange[]> {
  return reprice(transaction, sql`held.user_id = ${userId}`)
}

/** The positions in these markets, of all users. Returns those whose price changed. */
export async function batchUpdatePositionsPrices(
  transaction: Transaction,
  marketIds: readonly string[],
): Promise<PaidPositionChange[]> {
  if (marketIds.length === 0) return []
  const rows = sql.join(
    marketIds.map((id) => sql`(${id}::text)`),
    sql`, `,
  )
  return reprice(transaction, sql`held.market_id in (values ${rows})`)
}

interface RepricedRow extends Record<string, unknown> {
  readonly id: number
  readonly user_id: number
  readonly telegram_id: string
}

async function reprice(transaction: Transaction, condition: SQL): Promise<PaidPositionChange[]> {
  const { rows: locked } = await transaction.execute<{ readonly id: number }>(sql`
    select held.id from positions held where held.status = 'open' and ${condition}
    order by held.id for update`)
  if (locked.length === 0) return []
  const ids = `{${locked.map((row) => row.id).join(',')}}`
  const { rows } = await transaction.execute<RepricedRow>(sql`
    update positions set current_price = repriced.price
    from (
      select held.id,
        case held.outcome when 'yes' then prices.bid else 1 - prices.ask end as price
      from positions held join prices on prices.market_id = held.market_id
      where held.id = any(${ids}::integer[])
    ) repriced, users
    where positions.id = repriced.id and users.id = positions.user_id
      and positions.current_price <> repriced.price
    returning positions.id, positions.user_id, users.telegram_id`)
  const userIds = [...new Set(rows.map((row) => row.user_id))]
  await lockUsers(transaction, userIds)
  await writeUserStats(transaction, userIds)
  return rows.map((row) => ({
    positionId: row.id,
    userId: row.user_id,
    telegramId: Number(row.telegram_id),
  }))
}
