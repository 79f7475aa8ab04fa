/** Shows what a trader holds, what it is worth and what came of it. */
import type { DeepReadonly } from 'staleproof'
import type { Market } from '../domain/market.ts'
import { type Position, profitOf } from '../domain/position.ts'
import type { LimitKind } from './actions.ts'
import { cents, dollars, escapeHtml, shortened, signedDollars, signedPercent } from './html.ts'
import type { Button, View } from './view.ts'

export interface Portfolio {
  readonly balance: number
  readonly positions: readonly DeepReadonly<Position>[]
  readonly markets: ReadonlyMap<string, DeepReadonly<Market>>
}

/** Telegram refuses messages over 4,096 characters. */
const shownMax = 15
const labelLengthMax = 24
/** Offered distances from the price that was paid. */
const takeProfitShares = [0.1, 0.25, 0.5]
const stopLossShares = [-0.1, -0.25, -0.5]

export function portfolioView({ balance, positions, markets }: Portfolio): View {
  const shown = positions.slice(0, shownMax)
  const profit = positions.reduce((sum, position) => sum + profitOf(position), 0)
  const blocks = shown.map((position) => positionBlock(position, markets.get(position.marketId)))
  const rest = positions.length - shown.length
  const head =
    positions.length === 0
      ? 'You hold nothing. Find something with /markets.'
      : `Profit and loss: <b>${signedDollars(profit)}</b>`
  const tail = rest > 0 ? [`… and ${rest} more`] : []
  return {
    text: [`<b>Your positions</b> · balance ${dollars(balance)}`, head, ...blocks, ...tail].join(
      '\n\n',
    ),
    rows: [
      ...shown.map((position) => [
        openButton(position, markets.get(position.marketId)),
        sellButton(position),
      ]),
      [
        { label: '↻ Refresh', action: { kind: 'positions' } },
        { label: 'Results', action: { kind: 'stats' } },
      ],
    ],
  }
}

export function boughtText(position: DeepReadonly<Position>, question: string): string {
  const { outcome, size, entryPrice } = position
  const cost = dollars(size * entryPrice)
  const shares = `${size.toFixed(2)} ${outcome} at ${cents(entryPrice)}`
  return `Bought ${shares} for ${cost}\n${escapeHtml(question)}`
}

export function soldText(position: DeepReadonly<Position>): string {
  const { size, exitPrice } = position
  const price = exitPrice ?? 0
  const result = signedDollars(profitOf(position))
  return `Sold ${size.toFixed(2)} at ${cents(price)}: ${result}`
}

/** The card of one position, with what can be done about it. */
export function positionView(
  position: DeepReadonly<Position>,
  market: DeepReadonly<Market> | undefined,
): View {
  const { id, outcome, size, entryPrice, currentPrice, takeProfit, stopLoss, copiedFrom } = position
  const lines = [
    `<b>#${id} ${escapeHtml(questionOf(position, market))}</b>`,
    `${size.toFixed(2)} ${outcome} · paid ${cents(entryPrice)}, now ${cents(currentPrice)}`,
    `Worth ${dollars(size * currentPrice)} · ${resultOf(position)}`,
    `Take profit ${limitText(takeProfit)} · stop loss ${limitText(stopLoss)}`,
    ...(copiedFrom === null ? [] : [`Copied from <code>${escapeHtml(copiedFrom)}</code>`]),
  ]
  return {
    text: lines.join('\n'),
    rows: [
      [sellButton(position)],
      limitButtons(position, 'takeProfit', takeProfitShares),
      limitButtons(position, 'stopLoss', stopLossShares),
      ...(takeProfit === null && stopLoss === null
        ? []
        : [[{ label: 'No limits', action: { kind: 'unlimit', positionId: id } } as const]]),
      [
        { label: 'The market', action: { kind: 'market', marketId: position.marketId } },
        { label: '‹ Positions', action: { kind: 'positions' } },
      ],
    ],
  }
}

function positionBlock(
  position: DeepReadonly<Position>,
  market: DeepReadonly<Market> | undefined,
): string {
  const { id, outcome, size, entryPrice, currentPrice } = position
  const copied = position.copiedFrom === null ? '' : ' · copied'
  return (
    `#${id} ${escapeHtml(questionOf(position, market))}\n` +
    `${size.toFixed(2)} ${outcome} · paid ${cents(entryPrice)}, now ${cents(currentPrice)}\n` +
    `${resultOf(position)}${copied}`
  )
}

function questionOf(
  { marketId }: DeepReadonly<Position>,
  market: DeepReadonly<Market> | undefined,
): string {
  return market?.question ?? `Market ${marketId}`
}

function resultOf(position: DeepReadonly<Position>): string {
  const profit = profitOf(position)
  const paid = position.entryPrice * position.size
  const share = paid > 0 ? ` (${signedPercent(profit / paid)})` : ''
  return `${profit < 0 ? '▼' : '▲'} <b>${signedDollars(profit)}</b>${share}`
}

function limitText(price: number | null): string {
  return price === null ? 'none' : cents(price)
}

function openButton(
  position: DeepReadonly<Position>,
  market: DeepReadonly<Market> | undefined,
): Button {
  const label = `#${position.id} ${shortened(questionOf(position, market), labelLengthMax)}`
  return { label, action: { kind: 'position', positionId: position.id } }
}

function sellButton(position: DeepReadonly<Position>): Button {
  const label = `Sell #${position.id} (${signedDollars(profitOf(position))})`
  return { label, action: { kind: 'sell', positionId: position.id } }
}

/** Only prices that a share can have, and to the tenth of a cent. */
function limitButtons(
  { id, entryPrice }: DeepReadonly<Position>,
  limit: LimitKind,
  shares: readonly number[],
): Button[] {
  return shares.flatMap((share) => {
    const price = Math.round(entryPrice * (1 + share) * 1_000) / 1_000
    if (price <= 0 || price >= 1) return []
    const label = `${limit === 'takeProfit' ? 'Sell at' : 'Stop at'} ${cents(price)}`
    return [{ label, action: { kind: 'limit', limit, price, positionId: id } }]
  })
}
