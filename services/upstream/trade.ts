// A trade and the bounded ledger of those that were made, with what each wallet holds.
import type { Market } from './market.ts'
import type { Wallet } from './wallet.ts'

export type Side = 'BUY' | 'SELL'

export interface Trade {
  readonly seq: number
  readonly wallet: Wallet
  readonly market: Market
  readonly outcomeIndex: 0 | 1
  readonly side: Side
  /** Shares. */
  readonly size: number
  readonly price: number
  readonly timestampMs: number
  readonly transactionHash: string
}

/** What a wallet has done: money moved, money left or owed, shares held by token. */
export interface Account {
  readonly volume: number
  readonly cash: number
  readonly shares: ReadonlyMap<string, number>
}

/** Beyond it the oldest trades are forgotten; a reader that comes later has missed them. */
export const TRADES_MAX = 5_000

export class Ledger {
  readonly #trades: Trade[] = []
  readonly #accounts = new Map<
    string,
    { volume: number; cash: number; shares: Map<string, number> }
  >()

  add(trade: Trade): void {
    this.#trades.push(trade)
    if (this.#trades.length > TRADES_MAX) this.#trades.splice(0, TRADES_MAX / 10)
    const account = this.#accountOf(trade.wallet)
    const direction = trade.side === 'BUY' ? 1 : -1
    const token = trade.market.tokenIds[trade.outcomeIndex]
    account.volume += trade.size * trade.price
    account.cash -= direction * trade.size * trade.price
    account.shares.set(token, (account.shares.get(token) ?? 0) + direction * trade.size)
  }

  account(wallet: Wallet): Account {
    return this.#accountOf(wallet)
  }

  /** Oldest first, those after a sequence number, of one wallet or of all. */
  since(seq: number, { address, limit }: { address: string | undefined; limit: number }): Trade[] {
    return this.#of(address)
      .filter((trade) => trade.seq > seq)
      .slice(0, limit)
  }

  /** Newest first. */
  latest({ address, limit }: { address: string | undefined; limit: number }): Trade[] {
    return this.#of(address).slice(-limit).reverse()
  }

  #of(address: string | undefined): readonly Trade[] {
    if (address === undefined) return this.#trades
    return this.#trades.filter((trade) => trade.wallet.address === address)
  }

  #accountOf(wallet: Wallet): { volume: number; cash: number; shares: Map<string, number> } {
    let account = this.#accounts.get(wallet.address)
    if (account === undefined) {
      account = { volume: 0, cash: 0, shares: new Map() }
      this.#accounts.set(wallet.address, account)
    }
    return account
  }
}
