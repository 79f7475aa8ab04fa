// The list of markets of a recording: completed, each id once, grouped into events.
import { deriveMarket, marketOfRow } from './derive-market.ts'
import type { EventGroup, Market } from './market.ts'
import { MARKETS_MAX, type QuoteRow, type Recording } from './recording.ts'

export interface Listing {
  readonly markets: readonly Market[]
  /** Markets that were left out because another one had their id, slug, condition or token. */
  readonly duplicates: number
}

/** The markets of provider-shaped rows, then one for each slug that was quoted. */
export function listingOf(recording: Recording): Listing {
  const rowsAtMs = recordedDay(recording.rows.map((row) => Date.parse(row.updatedAt ?? '')))
  const candidates = recording.rows.map((row) => marketOfRow(row, rowsAtMs))
  const listed = new Set(candidates.map((market) => market.slug))
  const quotesAtMs = recordedDay(recording.quotes.map((quote) => quote.atMs))
  for (const opening of openings(recording.quotes).values()) {
    const { slug } = opening
    if (listed.has(slug)) continue
    const name = recording.names.get(slug)
    candidates.push(
      deriveMarket({
        slug,
        question: name?.question ?? slug,
        category: name?.category ?? '',
        opening,
        recordedAtMs: quotesAtMs,
      }),
    )
  }
  return withEventTitles(unique(candidates.slice(0, MARKETS_MAX)))
}

/** The first quote of each slug, in the order of slugs, so that ids do not depend on file order. */
function openings(quotes: readonly QuoteRow[]): Map<string, QuoteRow> {
  const first = new Map<string, QuoteRow>()
  for (const quote of quotes) {
    const known = first.get(quote.slug)
    if (known === undefined || quote.atMs < known.atMs) first.set(quote.slug, quote)
  }
  return new Map([...first].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The last known moment; the start of 2026 for rows without any date. */
function recordedDay(momentsMs: readonly number[]): number {
  let latestMs = Number.NEGATIVE_INFINITY
  for (const atMs of momentsMs) if (atMs > latestMs) latestMs = atMs
  return Number.isFinite(latestMs) ? latestMs : Date.parse('2026-01-01T00:00:00Z')
}

function unique(candidates: readonly Market[]): Listing {
  const taken = new Set<string>()
  const markets: Market[] = []
  for (const candidate of candidates) {
    const market = withFreeId(candidate, taken)
    const identities = [market.slug, market.conditionId, ...market.tokenIds].map((id) => `=${id}`)
    if (taken.has(market.id) || identities.some((id) => taken.has(id))) continue
    taken.add(market.id)
    for (const id of identities) taken.add(id)
    markets.push(market)
  }
  return { markets, duplicates: candidates.length - markets.length }
}

/** Two derived ids may meet (one pair in some thousand markets); the later one moves up. */
function withFreeId(market: Market, taken: ReadonlySet<string>): Market {
  if (taken.has(`=${market.slug}`)) return market
  let id = Number(market.id)
  while (taken.has(String(id))) id += 1
  return Number.isSafeInteger(id) && String(id) !== market.id
    ? { ...market, id: String(id) }
    : market
}

/**
 * A group is named by the question of its plainest market, the one with the shortest slug. Two
 * groups may derive one id, as two markets may; the later one moves up.
 */
function withEventTitles(listing: Listing): Listing {
  const plainest = new Map<string, Market>()
  for (const market of listing.markets) {
    const known = plainest.get(market.event.slug)
    if (known === undefined || market.slug.length < known.slug.length) {
      plainest.set(market.event.slug, market)
    }
  }
  const taken = new Set<string>()
  const events = new Map<string, EventGroup>()
  for (const [slug, { event }] of plainest) {
    let { id } = event
    while (taken.has(id)) id = String(Number(id) + 1)
    taken.add(id)
    events.set(slug, { ...event, id })
  }
  const markets = listing.markets.map((market) => ({
    ...market,
    event: events.get(market.event.slug) ?? market.event,
  }))
  return { ...listing, markets }
}
