/** What the bot shows for each wish: asks the client, hands the answer to a view. */
import type { MarketOrder } from '../domain/market.ts'
import type { ApiClient, Trader } from './api-client.ts'
import { marketListView, marketView } from './market-views.ts'
import { portfolioView } from './position-views.ts'
import { UsageError } from './trader-error.ts'
import type { View } from './view.ts'

export async function listScreen(
  client: ApiClient,
  { order, page }: { readonly order: MarketOrder; readonly page: number },
): Promise<View> {
  const markets = await client.marketPage(order, page)
  const prices = await client.prices(markets.map((market) => market.id))
  return marketListView({ order, page, markets, prices })
}

export async function marketScreen(client: ApiClient, marketId: string): Promise<View> {
  const [market, price] = await Promise.all([client.market(marketId), client.price(marketId)])
  if (market === undefined) {
    throw new UsageError(`There is no market ${marketId}. Find one with /markets.`)
  }
  return marketView(market, price)
}

export async function portfolioScreen(client: ApiClient, trader: Trader): Promise<View> {
  const [{ balance }, positions] = await Promise.all([
    client.user(trader),
    client.positions(trader),
  ])
  const markets = await client.markets(positions.map((position) => position.marketId))
  return portfolioView({ balance, positions, markets })
}
