/** Where the API's cache gets its values: the database. */
import type { Sources } from 'staleproof'
import type { Database } from '../database/connection.ts'
import type { PolycoolFamilies } from '../domain/catalog.ts'
import { type MarketOrder, marketOrders } from '../domain/market.ts'
import { allWatchedAddresses, latestTrades, rankedLeaders } from './repositories/leaders.ts'
import { marketIdByCondition, marketPage, marketsByIds } from './repositories/markets.ts'
import { openPositionsOf, positionById } from './repositories/position-rows.ts'
import { pricesByIds } from './repositories/prices.ts'
import { userByTelegramId } from './repositories/users.ts'

export function databaseSources(database: Database): Sources<PolycoolFamilies> {
  return {
    positions: (userId) => openPositionsOf(database, userId),
    position: (positionId) => positionById(database, positionId),
    user: (telegramId) => userByTelegramId(database, telegramId),
    market: { many: (ids) => marketsByIds(database, ids) },
    marketByCondition: (conditionId) => marketIdByCondition(database, conditionId),
    marketList: (page) => marketPage(database, { ...page, order: knownOrder(page.order) }),
    price: { many: (ids) => pricesByIds(database, ids) },
    leaderboard: () => rankedLeaders(database),
    smartTrades: () => latestTrades(database),
    watchedAddresses: () => allWatchedAddresses(database),
  }
}

function knownOrder(text: string): MarketOrder {
  const order = marketOrders.find((known) => known === text)
  if (order !== undefined) return order
  throw new Error(`expected an order of ${marketOrders.join(', ')}, got ${text}`)
}
