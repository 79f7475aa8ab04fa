// Lets wallets trade at the recorded quotes: a buyer pays the ask, a seller gets the bid. No trade
// was recorded, so who trades what is chosen by the fixed seed and the number of the moment; the
// prices are real. Nobody sells what they do not hold.
import type { Exchange, Move } from './exchange.ts'
import { between, fractionOf, hexOf, indexOf } from './fingerprint.ts'
import { type Market, sideOf } from './market.ts'
import { Ledger, type Side, type Trade } from './trade.ts'
import { leaders, type Wallet, wallets } from './wallet.ts'

/** Trades that exist before the first moment, so that a new reader finds a past. */
const HISTORY_COUNT = 240
const HISTORY_STEP_MS = 60_000
const TRADES_PER_MOMENT_MAX = 3

export interface Order {
  readonly wallet: Wallet
  readonly market: Market
  readonly side: Side
  readonly outcomeIndex: 0 | 1
  /** Shares. */
  readonly size: number
}

export class TradeDesk {
  readonly ledger: Ledger = new Ledger()
  readonly #exchange: Exchange
  readonly #listeners = new Set<(trade: Trade) => void>()
  #moments = 0

  constructor(exchange: Exchange) {
    this.#exchange = exchange
    for (let index = 0; index < HISTORY_COUNT; index += 1) this.#addPast(index)
  }

  /** Trades now. A sale is cut to what the wallet holds; undefined when nothing is left. */
  trade(order: Order): Trade | undefined {
    const { wallet, market, side, outcomeIndex } = order
    const price = this.#priceOf(order)
    const held = this.ledger.account(wallet).shares.get(market.tokenIds[outcomeIndex]) ?? 0
    const size = side === 'SELL' ? Math.min(order.size, held) : order.size
    if (price === undefined || size <= 0) return undefined
    const seq = this.#exchange.nextSeq()
    const timestampMs = this.#exchange.timestampMs()
    const trade = { ...order, size, price, seq, timestampMs, transactionHash: hashOf(seq) }
    this.ledger.add(trade)
    this.#exchange.recordTrade(market, outcomeIndex === 0 ? price : 1 - price, seq)
    for (const listener of this.#listeners) listener(trade)
    return trade
  }

  /** A few trades on the markets that just moved. */
  followMoves(moves: readonly Move[]): void {
    this.#moments += 1
    if (moves.length === 0) return
    const count = indexOf(`trades:${this.#moments}`, TRADES_PER_MOMENT_MAX + 1)
    for (let index = 0; index < count; index += 1) {
      const name = `moment:${this.#moments}:${index}`
      const move = moves[indexOf(`${name}:market`, moves.length)]
      const wallet = wallets[indexOf(`${name}:wallet`, wallets.length)]
      if (move !== undefined && wallet !== undefined) this.#tradeAsSeeded(name, wallet, move.market)
    }
  }

  onTrade(listener: (trade: Trade) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tradeAsSeeded(name: string, wallet: Wallet, market: Market): void {
    const outcomeIndex = fractionOf(`${name}:outcome`) < 0.5 ? 0 : 1
    const held = this.ledger.account(wallet).shares.get(market.tokenIds[outcomeIndex]) ?? 0
    const side = held > 0 && fractionOf(`${name}:side`) < 0.6 ? 'SELL' : 'BUY'
    this.trade({ wallet, market, side, outcomeIndex, size: sizeOf(name) })
  }

  /** The price of the other side's best offer; undefined when nobody offers. */
  #priceOf({ market, side, outcomeIndex }: Order): number | undefined {
    const { bid, ask } = sideOf(this.#exchange.quote(market), outcomeIndex)
    const price = Number((side === 'BUY' ? ask : bid).toFixed(6))
    return price > 0 && price < 1 ? price : undefined
  }

  /**
   * Past trades have small sequence numbers and hashes that do not change from run to run: a reader
   * that remembers its place does not see them again, and any other can tell they are known.
   */
  #addPast(index: number): void {
    const { markets } = this.#exchange
    const name = `past:${index}`
    const market = markets[indexOf(`${name}:market`, markets.length)]
    const wallet = leaders[index % leaders.length]
    if (market === undefined || wallet === undefined) return
    const outcomeIndex = fractionOf(`${name}:outcome`) < 0.5 ? 0 : 1
    const order: Order = { wallet, market, side: 'BUY', outcomeIndex, size: sizeOf(name) }
    const price = this.#priceOf(order)
    if (price === undefined) return
    const agoMs = (HISTORY_COUNT - index) * HISTORY_STEP_MS
    this.ledger.add({
      ...order,
      price,
      seq: index + 1,
      timestampMs: this.#exchange.startedAtMs - agoMs,
      transactionHash: hashOf(index + 1),
    })
  }
}

function sizeOf(name: string): number {
  return Math.round(between(`${name}:size`, 5, 400))
}

function hashOf(seq: number): string {
  return `0x${hexOf(`transaction:${seq}`)}`
}
