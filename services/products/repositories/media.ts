/** Pictures in the database. */
import { asc, eq, inArray } from 'drizzle-orm'
import type { Queryable, Transaction } from '../../database/connection.ts'
import { ServiceError } from '../../process/service-error.ts'
import { type Media, mediaPerProductMax } from '../media.ts'
import { media } from '../tables.ts'

/** Aligned with `ids`; `undefined` where there is none. */
export async function mediaByIds(
  database: Queryable,
  ids: readonly string[],
): Promise<(Media | undefined)[]> {
  const rows = await database
    .select()
    .from(media)
    .where(inArray(media.id, [...ids]))
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id))
}

export function mediaOfProduct(database: Queryable, code: string): Promise<Media[]> {
  return database
    .select()
    .from(media)
    .where(eq(media.productCode, code))
    .orderBy(asc(media.kind), asc(media.id))
}

/** False: it was there already. The caller has locked the product. */
export async function addMedia(transaction: Transaction, added: Media): Promise<boolean> {
  const known = await mediaOfProduct(transaction, added.productCode)
  if (known.some(({ id }) => id === added.id)) return false
  if (known.length >= mediaPerProductMax) {
    const message = `A product has at most ${mediaPerProductMax} pictures.`
    throw new ServiceError(409, 'too_many_pictures', message)
  }
  await transaction.insert(media).values(added)
  return true
}

export async function deleteMedia(
  transaction: Transaction,
  id: string,
): Promise<Media | undefined> {
  const [row] = await transaction.delete(media).where(eq(media.id, id)).returning()
  return row
}
