/** Positions as readers ask for them. */
import { and, desc, eq } from 'drizzle-orm'
import type { Queryable } from '../../database/connection.ts'
import { positions } from '../../database/schema.ts'
import type { Position } from '../../domain/position.ts'

/** More open positions than this are not shown; nobody trades them by hand. */
const shownPositionsMax = 500

/** Open positions, newest first. */
export async function openPositionsOf(database: Queryable, userId: number): Promise<Position[]> {
  const rows = await database
    .select()
    .from(positions)
    .where(and(eq(positions.userId, userId), eq(positions.status, 'open')))
    .orderBy(desc(positions.id))
    .limit(shownPositionsMax)
  return rows.map(toPosition)
}

export async function positionById(
  database: Queryable,
  positionId: number,
): Promise<Position | undefined> {
  const [row] = await database.select().from(positions).where(eq(positions.id, positionId))
  return row === undefined ? undefined : toPosition(row)
}

export async function positionByIdempotencyKey(
  database: Queryable,
  { userId, idempotencyKey }: { readonly userId: number; readonly idempotencyKey: string },
): Promise<Position | undefined> {
  const isSame = and(eq(positions.userId, userId), eq(positions.idempotencyKey, idempotencyKey))
  const [row] = await database.select().from(positions).where(isSame)
  return row === undefined ? undefined : toPosition(row)
}

export function toPosition(row: typeof positions.$inferSelect): Position {
  const { idempotencyKey: _, ...shown } = row
  const createdAt = row.createdAt.toISOString()
  return { ...shown, createdAt, closedAt: row.closedAt?.toISOString() ?? null }
}
