/** Mappings of EANs in the database. One without an ASIN is kept as such, and read as absent. */
import { inArray } from 'drizzle-orm'
import type { Queryable, Transaction } from '../../database/connection.ts'
import type { Mapping } from '../mapping.ts'
import { mappings } from '../tables.ts'

/** Aligned with `eans`; `undefined` where the marketplace has none. */
export async function mappingsByEans(
  database: Queryable,
  eans: readonly string[],
): Promise<(Mapping | undefined)[]> {
  const rows = await database
    .select()
    .from(mappings)
    .where(inArray(mappings.ean, [...eans]))
  const found = rows.filter(({ asins }) => asins.length > 0)
  const byEan = new Map(found.map((row) => [row.ean, { ...row, asins: [...row.asins] }]))
  return eans.map((ean) => byEan.get(ean))
}

/** What somebody enters replaces what the rule has made up; empty: there is none. */
export async function enterMapping(
  transaction: Transaction,
  { ean, asins }: Pick<Mapping, 'ean' | 'asins'>,
): Promise<void> {
  const entered = { ean, asins, origin: 'manual' } as const
  await transaction
    .insert(mappings)
    .values(entered)
    .onConflictDoUpdate({ target: mappings.ean, set: entered })
}
