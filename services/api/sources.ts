/**
 * Where the API's cache gets its values: the database. No family may take more than half of the
 * connections at a time, so that what is slow for one keeps neither the others nor writes waiting.
 */
import type { Sources } from 'staleproof'
import type { Dependency } from '../caches/breakers.ts'
import type { SearchCache } from '../caches/search-cache.ts'
import type { Database } from '../database/connection.ts'
import type { PolycoolFamilies } from '../domain/catalog.ts'
import { type MarketOrder, marketOrders } from '../domain/market.ts'
import { tokenMeanings } from '../indexer/repositories/token-meanings.ts'
import { allWatchedAddresses, latestTrades, rankedLeaders } from './repositories/leaders.ts'
import { groupPage, groupsByIds } from './repositories/market-groups.ts'
import {
  activeMarketIds,
  marketIdByCondition,
  marketPage,
  marketsByIds,
} from './repositories/markets.ts'
import { holdingsByIds, holdingsOf } from './repositories/position-rows.ts'
import { pricesByIds } from './repositories/prices.ts'
import { searchableMarkets } from './repositories/search.ts'
import { userStatsByTelegramIds } from './repositories/user-stats.ts'
import { userByTelegramId } from './repositories/users.ts'

/** Loads of one family that wait for their turn; more are refused. */
const queue = 500

export function databaseSources(
  database: Database,
  search: SearchCache,
): Sources<PolycoolFamilies> {
  const concurrency = Math.max(1, Math.floor(database.$client.use.size / 2))
  const bound = { concurrency, queue, dependency: 'database' satisfies Dependency }
  return {
    positions: { many: (userIds) => holdingsOf(database, userIds), ...bound },
    position: { many: (ids) => holdingsByIds(database, ids), ...bound },
    user: { one: (telegramId) => userByTelegramId(database, telegramId), ...bound },
    userStats: { many: (ids) => userStatsByTelegramIds(database, ids), ...bound },
    market: { many: (ids) => marketsByIds(database, ids), ...bound },
    marketByCondition: { one: (id) => marketIdByCondition(database, id), ...bound },
    marketList: {
      one: (page) => marketPage(database, { ...page, order: knownOrder(page.order) }),
      ...bound,
    },
    activeMarkets: { one: () => activeMarketIds(database), ...bound },
    marketGroup: { many: (ids) => groupsByIds(database, ids), ...bound },
    marketGroups: { one: (page) => groupPage(database, page), ...bound },
    searchable: { one: () => searchableMarkets(database), ...bound },
    search: { one: (query) => search.find(query), ...bound },
    price: { many: (ids) => pricesByIds(database, ids), ...bound },
    tokenMeaning: { many: (ids) => tokenMeanings(database, ids), ...bound },
    leaderboard: { one: () => rankedLeaders(database), ...bound },
    smartTrades: { one: () => latestTrades(database), ...bound },
    watchedAddresses: { one: () => allWatchedAddresses(database), ...bound },
  }
}

function knownOrder(text: string): MarketOrder {
  const order = marketOrders.find((known) => known === text)
  if (order !== undefined) return order
  throw new Error(`expected an order of ${marketOrders.join(', ')}, got ${text}`)
}
