/**
 * Every write of the system, and exactly the keys that it changes. A service that commits one of
 * them invalidates these keys, no more and no fewer; `docs/reference-system` shows this table.
 */
import type { Cache, Key } from 'staleproof'
import type { PolycoolFamilies } from './catalog.ts'
import { marketOrders, marketPageSize, marketPagesMax } from './market.ts'

export type PolycoolCache = Cache<PolycoolFamilies>

export type ServiceName = 'api' | 'workers' | 'indexer'

/** One kind of write: who commits it, what it touches, and which keys show it. */
export interface Write<Change> {
  readonly reason: string
  readonly service: ServiceName
  readonly tables: readonly string[]
  readonly keys: (cache: PolycoolCache, change: Change) => Key[]
}

export interface PositionChange {
  readonly userId: number
  readonly positionId: number
}
export interface PaidPositionChange extends PositionChange {
  readonly telegramId: number
}
export interface MarketChange {
  readonly id: string
  readonly conditionId: string
  readonly tokenIds: readonly string[]
}

const positionKeys = (cache: PolycoolCache, { userId, positionId }: PositionChange): Key[] => [
  cache.positions.key(userId),
  cache.position.key(positionId),
]
const paidPositionKeys = (cache: PolycoolCache, change: PaidPositionChange): Key[] => [
  ...positionKeys(cache, change),
  cache.user.key(change.telegramId),
]

export const userSaved: Write<{ readonly telegramId: number }> = {
  reason: 'user_saved',
  service: 'api',
  tables: ['users'],
  keys: (cache, { telegramId }) => [cache.user.key(telegramId)],
}

export const positionCreated: Write<PaidPositionChange> = {
  reason: 'position_created',
  service: 'api',
  tables: ['positions', 'users'],
  keys: paidPositionKeys,
}

export const positionLimitsChanged: Write<PositionChange> = {
  reason: 'position_limits_changed',
  service: 'api',
  tables: ['positions'],
  keys: positionKeys,
}

export const positionClosed: Write<PaidPositionChange> = {
  reason: 'position_closed',
  service: 'api',
  tables: ['positions', 'users'],
  keys: paidPositionKeys,
}

export const positionsSynced: Write<readonly PositionChange[]> = {
  reason: 'positions_synced',
  service: 'api',
  tables: ['positions'],
  keys: repricedKeys,
}

export const positionsRepriced: Write<readonly PositionChange[]> = {
  reason: 'positions_repriced',
  service: 'workers',
  tables: ['positions'],
  keys: repricedKeys,
}

export const pricesWritten: Write<readonly string[]> = {
  reason: 'prices_written',
  service: 'workers',
  tables: ['prices'],
  keys: (cache, marketIds) => marketIds.map((id) => cache.price.key(id)),
}

/** An import of markets shows in every list, and answers ids that were remembered as unknown. */
export const marketsImported: Write<readonly MarketChange[]> = {
  reason: 'markets_imported',
  service: 'workers',
  tables: ['markets'],
  keys: (cache, changes) => [
    ...changes.flatMap((change) => [
      cache.market.key(change.id),
      cache.marketByCondition.key(change.conditionId),
      ...change.tokenIds.map((tokenId) => cache.tokenMeaning.key(tokenId)),
    ]),
    ...shownPages().map((page) => cache.marketList.key(page)),
  ],
}

export const watchedAddressesChanged: Write<object> = {
  reason: 'watched_addresses_changed',
  service: 'api',
  tables: ['watched_addresses', 'copiers'],
  keys: (cache) => [cache.watchedAddresses.key(), cache.smartTrades.key(), cache.leaderboard.key()],
}

export const leaderTradesWritten: Write<object> = {
  reason: 'leader_trades_written',
  service: 'indexer',
  tables: ['trades', 'copy_trades', 'indexer_places'],
  keys: (cache) => [cache.smartTrades.key(), cache.leaderboard.key()],
}

function repricedKeys(cache: PolycoolCache, changes: readonly PositionChange[]): Key[] {
  const userIds = new Set(changes.map((change) => change.userId))
  return [
    ...[...userIds].map((userId) => cache.positions.key(userId)),
    ...changes.map((change) => cache.position.key(change.positionId)),
  ]
}

/** The pages that the bot shows; a list of another size ages out by its TTL. */
function shownPages(): { order: string; limit: number; offset: number }[] {
  const pages = Array.from({ length: marketPagesMax }, (_, page) => page)
  return marketOrders.flatMap((order) =>
    pages.map((page) => ({ order, limit: marketPageSize, offset: page * marketPageSize })),
  )
}
