// Makes a complete market of what was recorded about it. The recording has slug, question, category
// and quotes; ids, tokens, volume and liquidity factors, dates and the event group are derived from
// the slug and a fixed seed (`fingerprint.ts`). Rows of provider-shaped files keep what they have.
import type { UpstreamMarket } from './client-types.ts'
import { between, hexOf, indexOf } from './fingerprint.ts'
import type { EventGroup, Market, QuoteValues } from './market.ts'
import { choiceText, slugParts } from './slug.ts'

const DAY_MS = 86_400_000
/** Where derived ids begin; above every id in the provider's files that we have seen. */
const MARKET_ID_FIRST = 7_000_000
const EVENT_ID_FIRST = 900_000
const ID_SPAN = 900_000

/** What the recording says about one market. */
export interface RecordedMarket {
  readonly slug: string
  readonly question: string
  readonly category: string
  readonly opening: QuoteValues
  readonly recordedAtMs: number
}

/** A market of the recording, completed. The event's title is given by its group. */
export function deriveMarket(recorded: RecordedMarket): Market {
  const { slug, recordedAtMs } = recorded
  const parts = slugParts(slug)
  const endAtMs =
    parts.endAtMs ?? recordedAtMs + Math.ceil(between(`end:${slug}`, 20, 170)) * DAY_MS
  return {
    ...recorded,
    id: String(MARKET_ID_FIRST + indexOf(`market:${slug}`, ID_SPAN)),
    description: describe(recorded.question, endAtMs - recordedAtMs),
    conditionId: conditionIdOf(slug),
    tokenIds: tokenIdsOf(slug),
    outcomes: ['Yes', 'No'],
    choice: parts.choice === '' ? 'winner' : choiceText(parts.choice),
    event: eventGroup(parts.event, recorded.question.replace(/: O\/U .*$/, '')),
    tickSize: 0.005,
    volumeFactor: between(`volume:${slug}`, 3, 40),
    liquidityFactor: between(`liquidity:${slug}`, 0.05, 0.6),
    createdAtMs: recordedAtMs - Math.floor(between(`created:${slug}`, 1, 60) * DAY_MS),
    endAtMs,
    isClosed: false,
  }
}

/** A market of a provider-shaped row; what older rows lack is derived as above. */
export function marketOfRow(row: UpstreamMarket, recordedAtMs: number): Market {
  const [event] = row.events
  const [yes = 'Yes', no = 'No'] = row.outcomes
  const [yesToken, noToken] = row.clobTokenIds
  const derivedTokens = tokenIdsOf(row.slug)
  return {
    id: row.id,
    slug: row.slug,
    question: row.question,
    description: row.description,
    category: row.category,
    conditionId: row.conditionId ?? conditionIdOf(row.slug),
    tokenIds: [yesToken ?? derivedTokens[0], noToken ?? derivedTokens[1]],
    outcomes: [yes, no],
    choice: row.groupItemTitle,
    event: event ?? eventGroup(row.slug, row.question),
    tickSize: row.orderPriceMinTickSize,
    volumeFactor: factor(row.volume, row.volume24hr),
    liquidityFactor: factor(row.liquidity, row.volume24hr),
    recordedAtMs,
    createdAtMs: dateOr(row.createdAt, recordedAtMs),
    endAtMs: dateOr(row.endDate, recordedAtMs + 30 * DAY_MS),
    isClosed: row.closed,
    opening: openingOf(row),
  }
}

function openingOf(row: UpstreamMarket): QuoteValues {
  const price = row.outcomePrices[0] ?? row.lastTradePrice ?? 0.5
  const half = row.orderPriceMinTickSize / 2
  return {
    bid: row.bestBid ?? Math.max(0, price - half),
    ask: row.bestAsk ?? Math.min(1, price + half),
    volume24h: row.volume24hr,
  }
}

/** A ratio to the 24 h volume; the value itself where that volume is missing (shown as 1). */
function factor(value: number, volume24h: number): number {
  return value / Math.max(1, volume24h)
}

function dateOr(text: string | undefined, otherwiseMs: number): number {
  const atMs = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(atMs) ? otherwiseMs : atMs
}

function eventGroup(slug: string, title: string): EventGroup {
  return { id: String(EVENT_ID_FIRST + indexOf(`event:${slug}`, ID_SPAN)), slug, title }
}

function conditionIdOf(slug: string): string {
  return `0x${hexOf(`condition:${slug}`)}`
}

function tokenIdsOf(slug: string): [string, string] {
  const token = (side: string) => BigInt(`0x${hexOf(`token:${side}:${slug}`)}`).toString()
  return [token('yes'), token('no')]
}

function describe(question: string, untilEndMs: number): string {
  const days = Math.max(1, Math.round(untilEndMs / DAY_MS))
  return [
    `This market asks: "${question}" It pays 1 for each share of the outcome that comes true and`,
    `nothing for the other. Trading ends about ${days} day(s) after the recorded day. If the event`,
    'is called off or cannot be decided by then, both outcomes pay half. The quotes shown are',
    'recorded ones, replayed; this text, the ids, the dates and the liquidity are derived.',
  ].join('\n')
}
