/**
 * One part of an import: products with their pictures and mappings, each in one statement. A row
 * that is older than what is there changes nothing, so that imports may be repeated, and in any
 * order, and never undo what somebody has entered here.
 */
import { sql } from 'drizzle-orm'
import type { Transaction } from '../../database/connection.ts'
import type { ImportedProduct } from '../import-row.ts'
import { syntheticAsins } from '../mapping.ts'
import { mappings, media, products } from '../tables.ts'

export interface Written {
  readonly created: number
  readonly updated: number
}

export async function writeProducts(
  transaction: Transaction,
  rows: readonly ImportedProduct[],
): Promise<Written> {
  const newest = newestByCode(rows)
  if (newest.length === 0) return { created: 0, updated: 0 }
  const written = await transaction
    .insert(products)
    .values(newest.map(rowOf))
    .onConflictDoUpdate({ target: products.code, set: replacement, setWhere: isNewer })
    // A row that was there has the number of the transaction that it was locked by.
    .returning({ isNew: sql<boolean>`products.xmax = 0` })
  const pictures = newest.flatMap((row) => row.media)
  if (pictures.length > 0) {
    await transaction.insert(media).values(pictures).onConflictDoNothing()
  }
  await transaction
    .insert(mappings)
    .values(newest.map(({ product: { code } }) => mappingOf(code)))
    .onConflictDoNothing()
  const created = written.filter(({ isNew }) => isNew).length
  return { created, updated: written.length - created }
}

/** One order for everybody, so that two imports wait for each other instead of deadlocking. */
function newestByCode(rows: readonly ImportedProduct[]): readonly ImportedProduct[] {
  const byCode = new Map<string, ImportedProduct>()
  for (const row of rows) {
    const known = byCode.get(row.product.code)
    const isOlder = known !== undefined && known.product.modifiedAt > row.product.modifiedAt
    if (!isOlder) byCode.set(row.product.code, row)
  }
  return [...byCode.values()].sort((a, b) => (a.product.code < b.product.code ? -1 : 1))
}

function rowOf({ product }: ImportedProduct): typeof products.$inferInsert {
  const { per100g, createdAt, modifiedAt, ...fields } = product
  const times = { createdAt: new Date(createdAt), modifiedAt: new Date(modifiedAt) }
  return { ...fields, ...per100g, ...times }
}

function mappingOf(ean: string): typeof mappings.$inferInsert {
  return { ean, asins: syntheticAsins(ean), origin: 'synthetic' }
}

const replacement = {
  name: sql`excluded.name`,
  brands: sql`excluded.brands`,
  quantity: sql`excluded.quantity`,
  categories: sql`excluded.categories`,
  nutritionGrade: sql`excluded.nutrition_grade`,
  novaGroup: sql`excluded.nova_group`,
  energyKj: sql`excluded.energy_kj`,
  fatG: sql`excluded.fat_g`,
  sugarsG: sql`excluded.sugars_g`,
  proteinsG: sql`excluded.proteins_g`,
  saltG: sql`excluded.salt_g`,
  modifiedAt: sql`excluded.modified_at`,
}

const isNewer = sql`excluded.modified_at > ${products.modifiedAt}`
