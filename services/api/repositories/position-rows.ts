/** Positions as readers ask for them. */
import { and, desc, eq, getTableColumns, inArray, lte, sql } from 'drizzle-orm'
import type { Queryable } from '../../database/connection.ts'
import { positions } from '../../database/schema.ts'
import type { Holding, Position } from '../../domain/position.ts'

/** More open positions of a user than this are not shown; nobody trades them by hand. */
const shownPositionsMax = 500

/** Open positions of many users, newest first; aligned with `userIds`. One query. */
export async function holdingsOf(
  database: Queryable,
  userIds: readonly number[],
): Promise<Holding[][]> {
  const { userId, status, id } = positions
  const place = sql<number>`row_number() over (partition by ${userId} order by ${id} desc)`
  const ranked = database
    .select({ ...getTableColumns(positions), place: place.as('place') })
    .from(positions)
    .where(and(inArray(userId, [...userIds]), eq(status, 'open')))
    .as('ranked')
  const rows = await database
    .select()
    .from(ranked)
    .where(lte(ranked.place, shownPositionsMax))
    .orderBy(desc(ranked.id))
  const byUser = new Map<number, Holding[]>(userIds.map((id) => [id, []]))
  for (const { place: _, ...row } of rows) byUser.get(row.userId)?.push(toHolding(row))
  return userIds.map((id) => byUser.get(id) ?? [])
}

/** Aligned with `positionIds`; `undefined` where there is none. One query. */
export async function holdingsByIds(
  database: Queryable,
  positionIds: readonly number[],
): Promise<(Holding | undefined)[]> {
  const rows = await database
    .select()
    .from(positions)
    .where(inArray(positions.id, [...positionIds]))
  const byId = new Map(rows.map((row) => [row.id, toHolding(row)]))
  return positionIds.map((id) => byId.get(id))
}

export async function positionByIdempotencyKey(
  database: Queryable,
  { userId, idempotencyKey }: { readonly userId: number; readonly idempotencyKey: string },
): Promise<Position | undefined> {
  const isSame = and(eq(positions.userId, userId), eq(positions.idempotencyKey, idempotencyKey))
  const [row] = await database.select().from(positions).where(isSame)
  return row === undefined ? undefined : toPosition(row)
}

type PositionRow = typeof positions.$inferSelect

/** At its mark, which is its price at the trade or as of the last batch of prices. */
export function toPosition(row: PositionRow): Position {
  return { ...toHolding(row), currentPrice: row.currentPrice }
}

function toHolding({ idempotencyKey: _, currentPrice: __, ...shown }: PositionRow): Holding {
  const createdAt = shown.createdAt.toISOString()
  return { ...shown, createdAt, closedAt: shown.closedAt?.toISOString() ?? null }
}
