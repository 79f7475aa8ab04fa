/** Shows markets: a page of a list, and the card of one. */
import type { DeepReadonly } from 'staleproof'
import {
  type Market,
  type MarketOrder,
  marketOrders,
  marketPageSize,
  marketPagesMax,
} from '../domain/market.ts'
import { buyPrice, type Price } from '../domain/price.ts'
import { cents, escapeHtml, roundDollars, shortened } from './html.ts'
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
const labelLengthMax = 40

export function marketListView({ order, page, markets, prices }: ListedMarkets): View {
  const numberOf = (index: number) => page * marketPageSize + index + 1
  const lines = markets.map((market, index) => {
    const price = prices.get(market.id)
    const chance = price === undefined ? '' : ` · yes ${cents(price.mid)}`
    return `${numberOf(index)}. ${escapeHtml(market.question)}${chance}`
  })
  const body = lines.length === 0 ? 'There is nothing here.' : lines.join('\n')
  return {
    text: `<b>${orderLabels[order]}</b>, page ${page + 1}\n\n${body}`,
    rows: [
      ...markets.map((market, index): Button[] => [
        {
          label: `${numberOf(index)}. ${shortened(market.question, labelLengthMax)}`,
          action: { kind: 'market', marketId: market.id },
        },
      ]),
      turnButtons(order, page, markets.length),
      orderButtons(order),
    ],
  }
}

export function marketView(
  market: DeepReadonly<Market>,
  price: DeepReadonly<Price> | undefined,
): View {
  const ends =
    market.endsAt === null ? '' : `\nEnds ${market.endsAt.slice(0, 16).replace('T', ' ')}`
  const state = market.isActive ? '' : '\n<b>Closed</b>'
  const { volume, liquidity } = market
  const figures = `Volume ${roundDollars(volume)} · liquidity ${roundDollars(liquidity)}`
  return {
    text:
      `<b>${escapeHtml(market.question)}</b>\n${priceLine(price)}\n${figures}${ends}${state}\n` +
      `<code>/buy ${escapeHtml(market.id)} yes 25</code>`,
    rows: market.isActive && price !== undefined ? buyButtons(market.id) : [],
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

function turnButtons(order: MarketOrder, page: number, count: number): Button[] {
  const buttons: Button[] = []
  if (page > 0) buttons.push({ label: '‹ Back', action: { kind: 'list', order, page: page - 1 } })
  const isLast = count < marketPageSize || page + 1 >= marketPagesMax
  if (!isLast) buttons.push({ label: 'More ›', action: { kind: 'list', order, page: page + 1 } })
  return buttons
}

function orderButtons(shown: MarketOrder): Button[] {
  return marketOrders
    .filter((order) => order !== shown)
    .map((order) => ({ label: orderLabels[order], action: { kind: 'list', order, page: 0 } }))
}
