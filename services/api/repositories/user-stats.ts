/**
 * The table of what users' trades have come to. A row is written in the transaction that changed
 * the user's positions, as its last step, and always from all of them: it can't drift, and a row
 * that is missing is made by the next trade. Until then readers compute what it would hold.
 */
import { type SQL, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../../database/connection.ts'
import { round } from '../../domain/price.ts'
import type { UserStats } from '../../domain/user-stats.ts'

const columns = [
  'open_positions',
  'closed_positions',
  'won_positions',
  'realised_profit',
  'unrealised_profit',
  'volume',
  'last_trade_at',
] as const

/** The columns from the positions of a user. */
const computed = sql`
  count(*) filter (where status = 'open') as open_positions,
  count(*) filter (where status = 'closed') as closed_positions,
  count(*) filter (where exit_price > entry_price) as won_positions,
  coalesce(sum((exit_price - entry_price) * size), 0) as realised_profit,
  coalesce(sum((current_price - entry_price) * size) filter (where status = 'open'), 0)
    as unrealised_profit,
  coalesce(sum((entry_price + coalesce(exit_price, 0)) * size), 0) as volume,
  max(greatest(created_at, closed_at)) as last_trade_at`

/**
 * For users whose positions this transaction has changed, after all its changes. It must have
 * locked the rows of these users by a statement before: then whoever had to wait for another
 * transaction sees here what that one has committed.
 */
export async function writeUserStats(
  transaction: Transaction,
  userIds: Iterable<number>,
): Promise<void> {
  const ids = [...new Set(userIds)]
  if (ids.length === 0) return
  const names = sql.raw(columns.join(', '))
  const values = columns.map((column) => sql.raw(`${column} = excluded.${column}`))
  await transaction.execute(sql`
    insert into user_stats (user_id, ${names})
    select user_id, ${computed} from positions
    where user_id in (values ${integers(ids)}) group by user_id
    on conflict (user_id) do update set ${sql.join(values, sql`, `)}`)
}

interface StatsRow extends Record<string, unknown> {
  readonly user_id: number
  readonly telegram_id: string
  readonly open_positions: string
  readonly closed_positions: string
  readonly won_positions: string
  readonly realised_profit: string
  readonly unrealised_profit: string
  readonly volume: string
  readonly last_trade_at: string | null
}

/** Aligned with `telegramIds`; `undefined` where there is no such user. One query. */
export async function userStatsByTelegramIds(
  database: Queryable,
  telegramIds: readonly number[],
): Promise<(UserStats | undefined)[]> {
  const values = columns.map((name) =>
    sql.raw(
      `case when stored.user_id is null then fresh.${name} else stored.${name} end as ${name}`,
    ),
  )
  const wanted = sql.join(
    telegramIds.map((id) => sql`(${id}::bigint)`),
    sql`, `,
  )
  const { rows } = await database.execute<StatsRow>(sql`
    select users.id as user_id, users.telegram_id, ${sql.join(values, sql`, `)}
    from users
    left join user_stats stored on stored.user_id = users.id
    cross join lateral (
      select ${computed} from positions where user_id = users.id and stored.user_id is null
    ) fresh
    where users.telegram_id in (values ${wanted})`)
  const byId = new Map(rows.map((row) => [Number(row.telegram_id), toUserStats(row)]))
  return telegramIds.map((id) => byId.get(id))
}

export async function userStatsByTelegramId(
  database: Queryable,
  telegramId: number,
): Promise<UserStats | undefined> {
  const [stats] = await userStatsByTelegramIds(database, [telegramId])
  return stats
}

/** Those who traded last come first. */
export async function latestTraders(database: Queryable, countMax: number): Promise<number[]> {
  const { rows } = await database.execute<{ telegram_id: string }>(sql`
    select users.telegram_id
    from user_stats join users on users.id = user_stats.user_id
    where last_trade_at is not null
    order by last_trade_at desc limit ${countMax}`)
  return rows.map((row) => Number(row.telegram_id))
}

function integers(ids: readonly number[]): SQL {
  return sql.join(
    ids.map((id) => sql`(${id}::integer)`),
    sql`, `,
  )
}

function toUserStats(row: StatsRow): UserStats {
  const closedPositions = Number(row.closed_positions)
  const share = closedPositions === 0 ? null : Number(row.won_positions) / closedPositions
  return {
    userId: row.user_id,
    telegramId: Number(row.telegram_id),
    openPositions: Number(row.open_positions),
    closedPositions,
    realisedProfit: round(Number(row.realised_profit)),
    unrealisedProfit: round(Number(row.unrealised_profit)),
    volume: round(Number(row.volume)),
    winRate: share === null ? null : round(share),
    lastTradeAt: row.last_trade_at === null ? null : new Date(row.last_trade_at).toISOString(),
  }
}
