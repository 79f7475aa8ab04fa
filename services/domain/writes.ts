/**
 * Every write of the system, and exactly the keys that it changes. A service that commits one of
 * them invalidates these keys, no more and no fewer; `docs/reference-system` shows this table.
 */
import type { Cache, Key, SetResult } from 'staleproof'
import { groupKeys } from '../caches/market-groups.ts'
import { afterTrade, positionKeys } from '../caches/position-cache.ts'
import { activeMarketKeys, priceKeys, writePrices } from '../caches/price-cache.ts'
import { searchTags } from '../caches/search-tags.ts'
import { userStatsKeys } from '../caches/user-stats.ts'
import { leaderTradeKeys, renamedTradeKeys, watchingKeys } from '../caches/watched-addresses.ts'
import type { PolycoolFamilies } from './catalog.ts'
import { marketListsTag } from './market.ts'
import type { Quote } from './price.ts'
import type { User } from './user.ts'

export type PolycoolCache = Cache<PolycoolFamilies>

export type ServiceName = 'api' | 'workers' | 'indexer'

/** Values that are known after a write, and ordered. */
export interface ValueSets<Change> {
  /** Whose values are set; where that fails, they are invalidated. */
  readonly keys: (cache: PolycoolCache, change: Change) => Key[]
  readonly set: (
    cache: PolycoolCache,
    change: Change,
    why: { readonly reason: string },
  ) => Promise<readonly SetResult[]>
}

/** One kind of write: who commits it, what it touches, and which keys show it. */
export interface Write<Change> {
  readonly reason: string
  readonly service: ServiceName
  readonly tables: readonly string[]
  /** What is invalidated. */
  readonly keys: (cache: PolycoolCache, change: Change) => Key[]
  /** Where what it changes is shown by values whose keys nobody knows. */
  readonly tags?: (change: Change) => string[]
  /** What is set instead. */
  readonly sets?: ValueSets<Change>
  /** Marks what lives shorter after it. */
  readonly activity?: (cache: PolycoolCache, change: Change) => Promise<void>
}

export interface PositionChange {
  readonly userId: number
  readonly positionId: number
}
/** Worth or money has changed too, so the user's account has. */
export interface PaidPositionChange extends PositionChange {
  readonly telegramId: number
}
/** Shares were bought or sold. */
export interface TradeChange extends PaidPositionChange {
  readonly marketId: string
  /** As the transaction left it: it is set; without it the key is invalidated. */
  readonly profile?: User
}
export interface MarketChange {
  readonly id: string
  /** It was not known before; what leads to a known one never changes. */
  readonly isNew: boolean
  readonly conditionId: string
  readonly tokenIds: readonly string[]
  /** It opened, closed, was renamed, or its volume has another number of digits. */
  readonly changesSearch: boolean
  /** It was known by another question. */
  readonly isRenamed: boolean
  /** It joined the active markets, or left them. */
  readonly opensOrCloses: boolean
  /** Groups that it joined, left, or is shown in under another label. */
  readonly groupIds: readonly string[]
}

const tradeKeys = (cache: PolycoolCache, change: TradeChange): Key[] => [
  ...positionKeys(cache, change),
  ...(change.profile === undefined ? [cache.user.key(change.telegramId)] : []),
  ...userStatsKeys(cache, [change]),
]

/** Readers of the profile find the balance that the trade left, and need not load it. */
const profileSets: ValueSets<TradeChange> = {
  keys: (cache, { telegramId, profile }) =>
    profile === undefined ? [] : [cache.user.key(telegramId)],
  set: async (cache, { telegramId, profile }, why) =>
    profile === undefined ? [] : [await cache.user.set(telegramId, profile, why)],
}

export const userSaved: Write<{ readonly telegramId: number }> = {
  reason: 'user_saved',
  service: 'api',
  tables: ['users'],
  keys: (cache, { telegramId }) => [
    cache.user.key(telegramId),
    ...userStatsKeys(cache, [{ telegramId }]),
  ],
}

export const positionCreated: Write<TradeChange> = {
  reason: 'position_created',
  service: 'api',
  tables: ['positions', 'users', 'user_stats'],
  keys: tradeKeys,
  activity: afterTrade,
  sets: profileSets,
}

export const positionLimitsChanged: Write<PositionChange> = {
  reason: 'position_limits_changed',
  service: 'api',
  tables: ['positions'],
  keys: positionKeys,
}

export const positionClosed: Write<TradeChange> = {
  reason: 'position_closed',
  service: 'api',
  tables: ['positions', 'users', 'user_stats'],
  keys: tradeKeys,
  activity: afterTrade,
  sets: profileSets,
}

export const positionsSynced: Write<readonly PaidPositionChange[]> = {
  reason: 'positions_synced',
  service: 'api',
  tables: ['positions', 'user_stats'],
  keys: userStatsKeys,
}

export const positionsRepriced: Write<readonly PaidPositionChange[]> = {
  reason: 'positions_repriced',
  service: 'workers',
  tables: ['positions', 'user_stats'],
  keys: userStatsKeys,
}

export const pricesWritten: Write<readonly Quote[]> = {
  reason: 'prices_written',
  service: 'workers',
  tables: ['prices'],
  keys: () => [],
  sets: { keys: priceKeys, set: writePrices },
}

/** An import of markets shows in every list, and answers ids that were remembered as unknown. */
export const marketsImported: Write<readonly MarketChange[]> = {
  reason: 'markets_imported',
  service: 'workers',
  tables: ['markets'],
  keys: (cache, changes) => [
    ...changes.flatMap((change) => [
      cache.market.key(change.id),
      ...(change.isNew ? namesOf(cache, change) : []),
    ]),
    ...activeMarketKeys(cache, changes),
    ...groupKeys(cache, changes),
    ...renamedTradeKeys(cache, changes),
  ],
  tags: (changes) => [marketListsTag, ...searchTags(changes)],
}

export const watchedAddressesChanged: Write<object> = {
  reason: 'watched_addresses_changed',
  service: 'api',
  tables: ['watched_addresses', 'copiers', 'copy_trades'],
  keys: watchingKeys,
}

export const leaderTradesWritten: Write<object> = {
  reason: 'leader_trades_written',
  service: 'indexer',
  tables: ['trades', 'copy_trades', 'indexer_places'],
  keys: leaderTradeKeys,
}

/** What leads to a market, and was remembered as leading nowhere. */
function namesOf(cache: PolycoolCache, { conditionId, tokenIds }: MarketChange): Key[] {
  return [
    cache.marketByCondition.key(conditionId),
    ...tokenIds.map((tokenId) => cache.tokenMeaning.key(tokenId)),
  ]
}
