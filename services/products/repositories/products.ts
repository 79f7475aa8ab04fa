/** Products in the database. */
import { asc, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../../database/connection.ts'
import type { NamedCount, PageId, Product, ProductPage } from '../product.ts'
import { products } from '../tables.ts'

type Row = typeof products.$inferSelect

/** Aligned with `codes`; `undefined` where there is none. One query. */
export async function productsByCodes(
  database: Queryable,
  codes: readonly string[],
): Promise<(Product | undefined)[]> {
  const rows = await database
    .select()
    .from(products)
    .where(inArray(products.code, [...codes]))
  const byCode = new Map(rows.map((row) => [row.code, toProduct(row)]))
  return codes.map((code) => byCode.get(code))
}

export function countProducts(database: Queryable): Promise<number> {
  return database.$count(products)
}

/** By name; ties are broken by code, so that pages don't overlap. */
export async function productPage(database: Queryable, page: PageId): Promise<ProductPage> {
  const filter = filterOf(page)
  const [total, rows] = await Promise.all([
    database.$count(products, filter),
    database
      .select()
      .from(products)
      .where(filter)
      .orderBy(sql`lower(${products.name})`, asc(products.code))
      .limit(page.limit)
      .offset(page.offset),
  ])
  return { total, products: rows.map(toProduct) }
}

function filterOf({ category, search }: PageId) {
  const isListed = sql`${products.categories} @> ${JSON.stringify([category])}::jsonb`
  const isNamed = sql`${products.name} ilike ${`%${search.replace(/[\\%_]/g, '\\$&')}%`}`
  return sql`${category === '' ? sql`true` : isListed} and ${search === '' ? sql`true` : isNamed}`
}

export const categoriesWithCounts = (database: Queryable): Promise<NamedCount[]> =>
  namedCounts(database, sql`categories`)

export const brandsWithCounts = (database: Queryable): Promise<NamedCount[]> =>
  namedCounts(database, sql`brands`)

/** Most of a catalogue's names are of one product only; a list shows the first ones. */
const namesMax = 500

async function namedCounts(
  database: Queryable,
  column: ReturnType<typeof sql>,
): Promise<NamedCount[]> {
  const { rows } = await database.execute<{ name: string; products: number }>(sql`
    select one.name, count(*)::integer as products
    from products.products, jsonb_array_elements_text(${column}) as one (name)
    group by one.name order by products desc, one.name limit ${namesMax}`)
  return rows
}

export interface ProductChange {
  readonly before: Product | undefined
  readonly after: Product | undefined
}

/**
 * Writes what is on the label now; its time makes it the newest version, also where an import came
 * with one that lies ahead.
 */
export async function saveProduct(
  transaction: Transaction,
  product: Omit<Product, 'createdAt' | 'modifiedAt'>,
): Promise<ProductChange> {
  const before = await lockProduct(transaction, product.code)
  const { per100g, ...fields } = product
  const nowMs = Date.now()
  const beforeMs = before === undefined ? 0 : Date.parse(before.modifiedAt)
  const written = { ...fields, ...per100g, modifiedAt: new Date(Math.max(nowMs, beforeMs + 1)) }
  const [row] = await transaction
    .insert(products)
    .values({ ...written, createdAt: new Date(nowMs) })
    .onConflictDoUpdate({ target: products.code, set: written })
    .returning()
  return { before, after: row && toProduct(row) }
}

/** With its pictures; the mapping of its EAN stays, which is not about our catalogue. */
export async function deleteProduct(
  transaction: Transaction,
  code: string,
): Promise<Product | undefined> {
  const [row] = await transaction.delete(products).where(eq(products.code, code)).returning()
  return row && toProduct(row)
}

/** Locks the row until the transaction ends. */
export async function lockProduct(
  transaction: Transaction,
  code: string,
): Promise<Product | undefined> {
  const found = transaction.select().from(products).where(eq(products.code, code))
  const [row] = await found.for('update')
  return row && toProduct(row)
}

function toProduct({ createdAt, modifiedAt, ...row }: Row): Product {
  const { energyKj, fatG, sugarsG, proteinsG, saltG, ...fields } = row
  return {
    ...fields,
    brands: [...row.brands],
    categories: [...row.categories],
    per100g: { energyKj, fatG, sugarsG, proteinsG, saltG },
    createdAt: createdAt.toISOString(),
    modifiedAt: modifiedAt.toISOString(),
  }
}
