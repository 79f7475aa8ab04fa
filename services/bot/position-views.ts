/** Shows what a trader holds, what it is worth and what came of it. */
import type { DeepReadonly } from 'staleproof'
import type { Market } from '../domain/market.ts'
import { type Position, profitOf } from '../domain/position.ts'
import { cents, dollars, escapeHtml, signedDollars } from './html.ts'
import type { Button, View } from './view.ts'

export interface Portfolio {
  readonly balance: number
  readonly positions: readonly DeepReadonly<Position>[]
  readonly markets: ReadonlyMap<string, DeepReadonly<Market>>
}

/** Telegram refuses messages over 4,096 characters. */
const shownMax = 15

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
    rows: [...shown.map(sellButton), [{ label: '↻ Refresh', action: { kind: 'positions' } }]],
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

function positionBlock(
  position: DeepReadonly<Position>,
  market: DeepReadonly<Market> | undefined,
): string {
  const { id, outcome, size, entryPrice, currentPrice } = position
  const question = market?.question ?? `Market ${position.marketId}`
  const copied = position.copiedFrom === null ? '' : ' · copied'
  return (
    `#${id} ${escapeHtml(question)}\n` +
    `${size.toFixed(2)} ${outcome} · paid ${cents(entryPrice)}, now ${cents(currentPrice)} · ` +
    `<b>${signedDollars(profitOf(position))}</b>${copied}`
  )
}

function sellButton(position: DeepReadonly<Position>): Button[] {
  const label = `Sell #${position.id} (${signedDollars(profitOf(position))})`
  return [{ label, action: { kind: 'sell', positionId: position.id } }]
}
