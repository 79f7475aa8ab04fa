/** The texts that a search looks at, and a search without any cache. */
import { asc, desc, eq } from 'drizzle-orm'
import type { SearchOrder, SearchPage } from '../../caches/search-cache.ts'
import type { Queryable } from '../../database/connection.ts'
import { markets } from '../../database/schema.ts'
import { type Searchable, searchableMax } from '../../domain/search.ts'
import { canonicalQuery } from '../../search/canonical-query.ts'
import { magnitudeOf } from '../../search/magnitude.ts'
import { buildIndex } from '../../search/search-index.ts'
import { searchMarkets } from '../../search/search-markets.ts'
import { marketsByIds } from './markets.ts'

/** Active markets, those with the greatest volume where there are more than are searched. */
export async function searchableMarkets(database: Queryable): Promise<Searchable[]> {
  const { id, question, slug, category, volume } = markets
  const rows = await database
    .select({ id, question, slug, category, volume })
    .from(markets)
    .where(eq(markets.isActive, true))
    .orderBy(desc(volume), asc(id))
    .limit(searchableMax)
  return rows.map(({ volume: amount, ...text }) => ({ ...text, magnitude: magnitudeOf(amount) }))
}

export async function searchDatabase(
  database: Queryable,
  { text, limit, offset }: SearchOrder,
): Promise<SearchPage> {
  const index = buildIndex(await searchableMarkets(database))
  const query = canonicalQuery(index, text)
  const { marketIds, ...facts } = searchMarkets(index, query, Date.now())
  const found = await marketsByIds(database, marketIds.slice(offset, offset + limit))
  return { query, ...facts, markets: found.filter((market) => market !== undefined) }
}
