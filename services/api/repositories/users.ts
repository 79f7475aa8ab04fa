/** Users in the database. */
import { eq, inArray, ne, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../../database/connection.ts'
import { users } from '../../database/schema.ts'
import type { User } from '../../domain/user.ts'
import { notFound } from '../../process/service-error.ts'

/** US dollars of play money that everyone starts with. */
export const startingBalance = 1_000

const nextRevision = sql`${users.revision} + 1`

export interface SavedUser {
  readonly user: User
  /** False: he was there already, under the same name. */
  readonly isChanged: boolean
}

export async function saveUser(
  transaction: Transaction,
  { telegramId, name }: { readonly telegramId: number; readonly name: string },
): Promise<SavedUser> {
  const [saved] = await transaction
    .insert(users)
    .values({ telegramId, name, balance: startingBalance })
    .onConflictDoUpdate({
      target: users.telegramId,
      set: { name, revision: nextRevision },
      setWhere: ne(users.name, name),
    })
    .returning()
  if (saved !== undefined) return { user: toUser(saved), isChanged: true }
  const user = await userByTelegramId(transaction, telegramId)
  if (user === undefined) throw new Error(`user ${telegramId} was neither saved nor found`)
  return { user, isChanged: false }
}

export async function userByTelegramId(
  database: Queryable,
  telegramId: number,
): Promise<User | undefined> {
  const [row] = await database.select().from(users).where(eq(users.telegramId, telegramId))
  return row === undefined ? undefined : toUser(row)
}

/**
 * Locks the row until the transaction ends, so that nobody spends the same money twice. Rows that
 * refer to the user may be written meanwhile: their check waits for a lock of the key alone.
 */
export async function lockUser(
  transaction: Transaction,
  userId: number,
): Promise<User | undefined> {
  const isUser = eq(users.id, userId)
  const [row] = await transaction.select().from(users).where(isUser).for('no key update')
  return row === undefined ? undefined : toUser(row)
}

/** The same of many, in one order for everybody, so that two wait instead of deadlocking. */
export async function lockUsers(
  transaction: Transaction,
  userIds: readonly number[],
): Promise<void> {
  if (userIds.length === 0) return
  const { id } = users
  await transaction
    .select({ id })
    .from(users)
    .where(inArray(id, [...userIds]))
    .orderBy(id)
    .for('no key update')
}

export interface Payment {
  readonly userId: number
  /** US dollars; negative where the user pays. */
  readonly amount: number
}

/** Returns the user as he is now, with his row locked until the transaction ends. */
export async function pay(transaction: Transaction, { userId, amount }: Payment): Promise<User> {
  const balance = sql`${users.balance} + ${amount}::numeric`
  const [row] = await transaction
    .update(users)
    .set({ balance, revision: nextRevision })
    .where(eq(users.id, userId))
    .returning()
  if (row === undefined) throw notFound('user', userId)
  return toUser(row)
}

function toUser(row: typeof users.$inferSelect): User {
  return { ...row, createdAt: row.createdAt.toISOString() }
}
