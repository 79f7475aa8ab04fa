// Ranks the leaders by profit: the money they have plus their shares at the current price.
import type { Exchange } from './exchange.ts'
import type { Row } from './gamma.ts'
import type { Ledger } from './trade.ts'
import { leaders, type Wallet } from './wallet.ts'

/** The rows of `/leaders`, the best first. */
export function leaderRows(exchange: Exchange, ledger: Ledger): Row[] {
  return leaders
    .map((wallet) => ({ wallet, vol: ledger.account(wallet).volume, pnl: profit(wallet) }))
    .sort((a, b) => b.pnl - a.pnl)
    .map(({ wallet, vol, pnl }, index) => ({
      rank: index + 1,
      proxyWallet: wallet.address,
      userName: wallet.name,
      vol: cents(vol),
      pnl: cents(pnl),
    }))

  function profit(wallet: Wallet): number {
    const account = ledger.account(wallet)
    let worth = account.cash
    for (const [token, shares] of account.shares) {
      const place = exchange.marketOfToken(token)
      if (place === undefined) continue
      const { price } = exchange.quote(place.market)
      worth += shares * (place.outcomeIndex === 0 ? price : 1 - price)
    }
    return worth
  }
}

function cents(value: number): number {
  return Math.round(value * 100) / 100
}
