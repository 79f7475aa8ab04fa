/** What the bot shows for each wish: asks the client, hands the answer to a view. */
import type { MarketOrder } from '../domain/market.ts'
import type { ApiClient, Trader } from './api-client.ts'
import { groupListView, groupView } from './group-views.ts'
import { foundView, marketListView, marketView } from './market-views.ts'
import { portfolioView, positionView } from './position-views.ts'
import { UsageError } from './trader-error.ts'
import { leadersView, statsView } from './trader-views.ts'
import type { View } from './view.ts'

export async function listScreen(
  client: ApiClient,
  { order, page }: { readonly order: MarketOrder; readonly page: number },
): Promise<View> {
  const markets = await client.marketPage(order, page)
  const prices = await client.prices(markets.map((market) => market.id))
  return marketListView({ order, page, markets, prices })
}

/** The API looks for words of at most 200 characters. */
const queryLengthMax = 200

export async function foundScreen(
  client: ApiClient,
  trader: Trader,
  { query, page }: { readonly query: string; readonly page: number },
): Promise<View> {
  const words = query.trim().slice(0, queryLengthMax)
  if (!/[\p{L}\p{N}]/u.test(words)) throw new UsageError('Say it like this: /search world series')
  const found = await client.search(trader, words, page)
  const prices = await client.prices(found.markets.map((market) => market.id))
  return foundView({ query: words, page, found, prices })
}

export async function groupListScreen(client: ApiClient, page: number): Promise<View> {
  return groupListView(await client.groupPage(page), page)
}

export async function groupScreen(
  client: ApiClient,
  trader: Trader,
  groupId: string,
): Promise<View> {
  const group = await client.group(trader, groupId)
  if (group === undefined)
    throw new UsageError('This event is over. See what there is with /events.')
  return groupView(group, await client.prices(group.markets.map((market) => market.id)))
}

export async function statsScreen(client: ApiClient, trader: Trader): Promise<View> {
  return statsView(await client.stats(trader))
}

export async function leadersScreen(client: ApiClient, trader: Trader): Promise<View> {
  return leadersView(await client.leaders(trader))
}

/** Only what the trader holds: of others' positions nothing is shown. */
export async function positionScreen(
  client: ApiClient,
  trader: Trader,
  positionId: number,
): Promise<View> {
  const held = (await client.positions(trader)).find(({ id }) => id === positionId)
  if (held === undefined) throw new UsageError(`You don't hold #${positionId}. See /positions.`)
  return positionView(held, await client.market(held.marketId))
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
