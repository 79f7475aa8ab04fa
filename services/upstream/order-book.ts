// The book of one outcome. Only the best bid and ask were recorded; the levels behind them and all
// sizes are derived: a size depends on the token and the price alone, so a level that stays in the
// book keeps its size and a change of the book is exactly the levels that came and went.
import { between } from './fingerprint.ts'
import { decimal, type Market, type Quote, sideOf } from './market.ts'

export interface Level {
  readonly price: string
  readonly size: string
}

export interface Book {
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
}

/** One level that came, changed or went (`size` 0). */
export interface LevelChange extends Level {
  readonly side: 'BUY' | 'SELL'
}

const DEPTH = 3

/** Both sides with the worst level first, as the provider's socket lists them. */
export function bookOf(market: Market, quote: Quote, outcomeIndex: 0 | 1): Book {
  const { bid, ask } = sideOf(quote, outcomeIndex)
  const token = market.tokenIds[outcomeIndex]
  const tick = market.tickSize
  return { bids: levels(token, bid, -tick), asks: levels(token, ask, tick) }
}

/** What must be applied to the one book to get the other. */
export function bookChanges(before: Book, after: Book): LevelChange[] {
  return [
    ...sideChanges(before.bids, after.bids).map((level) => ({ ...level, side: 'BUY' as const })),
    ...sideChanges(before.asks, after.asks).map((level) => ({ ...level, side: 'SELL' as const })),
  ]
}

function levels(token: string, best: number, step: number): Level[] {
  const found: Level[] = []
  for (let index = DEPTH - 1; index >= 0; index -= 1) {
    const price = Number((best + index * step).toFixed(6))
    // A side without an offer has its best at 0 or 1: no level there.
    if (price <= 0 || price >= 1) continue
    const size = Math.round(between(`level:${token}:${price}`, 20, 2_000))
    found.push({ price: decimal(price), size: decimal(size) })
  }
  return found
}

function sideChanges(before: readonly Level[], after: readonly Level[]): Level[] {
  const isIn = (side: readonly Level[], price: string) =>
    side.some((level) => level.price === price)
  return [
    ...before.filter(({ price }) => !isIn(after, price)).map(({ price }) => ({ price, size: '0' })),
    ...after.filter(({ price }) => !isIn(before, price)),
  ]
}
