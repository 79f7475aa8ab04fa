/** Shows markets: a page of a list, and the card of one. */
import type { DeepReadonly } from 'staleproof'
import { type Market, type MarketOrder, marketOrders, marketPageSize } from '../domain/market.ts'
import { buyPrice, type Price } from '../domain/price.ts'
import type { Found } from './api-client.ts'
import { cents, escapeHtml, roundDollars, shortened, utc } from './html.ts'
import { turnButtons } from './turn-buttons.ts'
import type { Button, View } from './view.ts'

export interface ListedMarkets {
  readonly order: MarketOrder
  readonly page: number
  readonly markets: readonly DeepReadonly<Market>[]
  readonly prices: ReadonlyMap<string, DeepReadonly<Price>>
}

const orderLabels: Readonly<Record<MarketOrder, string>> = {
  volume: 'Most traded',
  liquidity: 'Most liquid',
  new: 'Newest',
  ending: 'Ending soon',
}
const buyAmounts = [10, 50, 100]
export const labelLengthMax = 40

export interface FoundMarkets {
  readonly query: string
  readonly page: number
  readonly found: Found
  readonly prices: ReadonlyMap<string, DeepReadonly<Price>>
}

export function marketListView({ order, page, markets, prices }: ListedMarkets): View {
  const { body, buttons } = numbered(markets, page, prices)
  return {
    text: `<b>${orderLabels[order]}</b>, page ${page + 1}\n\n${body || 'There is nothing here.'}`,
    rows: [
      ...buttons,
      turnButtons({ page, count: markets.length }, (to) => ({ kind: 'list', order, page: to })),
      orderButtons(order),
    ],
  }
}

export function foundView({ query, page, found, prices }: FoundMarkets): View {
  const { markets, total } = found
  const { body, buttons } = numbered(markets, page, prices)
  const shownQuery = escapeHtml(shortened(query, labelLengthMax))
  if (total === 0) {
    const text = `Nothing is traded that reads like “${shownQuery}”. Try fewer words, or /markets.`
    return { text, rows: [] }
  }
  return {
    text: `<b>${total} found for “${shownQuery}”</b>\n\n${body}`,
    rows: [
      ...buttons,
      turnButtons({ page, count: markets.length }, (to) => ({ kind: 'find', query, page: to })),
    ],
  }
}

function numbered(
  markets: readonly DeepReadonly<Market>[],
  page: number,
  prices: ReadonlyMap<string, DeepReadonly<Price>>,
): { readonly body: string; readonly buttons: Button[][] } {
  const first = page * marketPageSize + 1
  const lines = markets.map((market, index) => {
    const price = prices.get(market.id)
    const chance = price === undefined ? '' : ` · yes ${cents(price.mid)}`
    return `${first + index}. ${escapeHtml(market.question)}${chance}`
  })
  const buttons = markets.map(({ id, question }, index): Button[] => [
    {
      label: `${first + index}. ${shortened(question, labelLengthMax)}`,
      action: { kind: 'market', marketId: id },
    },
  ])
  return { body: lines.join('\n'), buttons }
}

export function marketView(
  market: DeepReadonly<Market>,
  price: DeepReadonly<Price> | undefined,
): View {
  const ends = market.endsAt === null ? '' : `\nEnds ${utc(market.endsAt)}`
  const state = market.isActive ? '' : '\n<b>Closed</b>'
  const { volume, liquidity } = market
  const figures = `Volume ${roundDollars(volume)} · liquidity ${roundDollars(liquidity)}`
  return {
    text:
      `<b>${escapeHtml(market.question)}</b>\n${priceLine(price)}\n${figures}${ends}${state}\n` +
      `<code>/buy ${escapeHtml(market.id)} yes 25</code>`,
    rows: [
      ...(market.isActive && price !== undefined ? buyButtons(market.id) : []),
      ...groupButtons(market),
    ],
  }
}

function priceLine(price: DeepReadonly<Price> | undefined): string {
  if (price === undefined) return 'There is no price at the moment.'
  const yes = cents(buyPrice(price, 'yes'))
  const no = cents(buyPrice(price, 'no'))
  return `Yes costs ${yes}, no costs ${no} · spread ${cents(price.spread)}`
}

function buyButtons(marketId: string): Button[][] {
  return (['yes', 'no'] as const).map((outcome) =>
    buyAmounts.map((amount) => ({
      label: `Buy ${outcome} $${amount}`,
      action: { kind: 'buy', outcome, amount, marketId },
    })),
  )
}

function groupButtons({ groupId }: DeepReadonly<Market>): Button[][] {
  return groupId === null
    ? []
    : [[{ label: 'The whole event', action: { kind: 'group', groupId } }]]
}

function orderButtons(shown: MarketOrder): Button[] {
  return marketOrders
    .filter((order) => order !== shown)
    .map((order) => ({ label: orderLabels[order], action: { kind: 'list', order, page: 0 } }))
}
