/** What a search looks at, and what it finds. */
import { z } from 'zod'
import { magnitudeOf } from '../search/magnitude.ts'

/** What a search knows of a market; everything else is in the market itself. */
export const searchableSchema = z.object({
  id: z.string(),
  question: z.string(),
  slug: z.string(),
  category: z.string(),
  /** Digits of the US dollars traded: orders equal matches, and seldom changes. */
  magnitude: z.number().int().nonnegative(),
})
export type Searchable = z.infer<typeof searchableSchema>

/** Ids alone: a market has one copy, under its id. */
export const searchResultSchema = z.object({
  /** Best first; more than can be shown are left out. */
  marketIds: z.array(z.string()),
  /** All that match. */
  total: z.number().int(),
  /** Number of markets that were looked at. */
  marketsSearched: z.number().int(),
  computedAt: z.iso.datetime(),
})
export type SearchResult = z.infer<typeof searchResultSchema>

/** Tag of whatever depends on the texts of the active markets. */
export const searchableTag = 'searchable'

/** The markets with the greatest volume are searched, no more than this. */
export const searchableMax = 5_000

/** What a search would see of a market; a closed one is not searched. */
export function searchedText(market: SearchedFacts): string {
  if (!market.isActive) return ''
  const { question, slug, category, volume } = market
  return JSON.stringify([question, slug, category, magnitudeOf(volume)])
}

export interface SearchedFacts extends Omit<Searchable, 'id' | 'magnitude'> {
  readonly volume: number
  readonly isActive: boolean
}
