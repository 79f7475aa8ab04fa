/**
 * The catalog shared by every service: the only place where a key is written down.
 * A market has one copy under its id; a condition id leads to that id and holds nothing more.
 */
import { defineCatalog, family } from 'staleproof'
import { z } from 'zod'
import { sourceVersion } from '../search/source-version.ts'
import {
  leaderSchema,
  leaderTradeSchema,
  tokenMeaningSchema,
  watchedAddressSchema,
  watchedDistance,
} from './leader.ts'
import { learnedReadsSchema } from './learned-reads.ts'
import { marketListSchema, marketListsTag, marketSchema } from './market.ts'
import { groupSummarySchema, marketGroupSchema } from './market-group.ts'
import { holdingSchema, holdingsSchema } from './position.ts'
import { priceSchema } from './price.ts'
import { searchableSchema, searchableTag, searchResultSchema } from './search.ts'
import { userSchema } from './user.ts'
import { userStatsSchema } from './user-stats.ts'

/** Another ranking sees and finds other things, so its code is part of what it has made. */
const byRanking = { versionOf: [sourceVersion(new URL('../search/', import.meta.url))] } as const

/** After a trade, what shows it lives shorter for a while. */
const afterTrade = { ttl: '30s', for: '10m' } as const

export const catalog = defineCatalog('polycool', {
  /** Open positions of a user, newest first; what they are worth follows from `price`. */
  positions: family('api:positions:{userId:int}', {
    value: holdingsSchema,
    ttl: '3m',
    adaptiveTtl: { activity: afterTrade },
  }),
  position: family('api:position:{positionId:int}', { value: holdingSchema, ttl: '30s' }),
  user: family('api:user:{telegramId:int}', {
    value: userSchema,
    ttl: '1h',
    negativeTtl: '30s',
    order: (user) => user.revision,
  }),
  userStats: family('api:user_stats:{telegramId:int}', {
    value: userStatsSchema,
    ttl: '5m',
    negativeTtl: '30s',
  }),
  market: family('market:{marketId}', {
    value: marketSchema,
    ttl: '5m',
    negativeTtl: '30s',
  }),
  marketByCondition: family('market_by_condition:{conditionId}', {
    value: z.string(),
    ttl: '5m',
    negativeTtl: '30s',
  }),
  marketList: family('api:markets:{order}:{limit:int}:{offset:int}', {
    value: marketListSchema,
    ttl: '5m',
    tags: () => [marketListsTag],
  }),
  /** How often pages and users are read, for a process that begins. */
  learnedReads: family('api:learned_reads', {
    value: learnedReadsSchema,
    ttl: '24h',
    setOnly: true,
    order: (learned) => learned.takenMs,
  }),
  /** Ids of the markets that are open. */
  activeMarkets: family('api:active_markets', { value: z.array(z.string()), ttl: '5m' }),
  marketGroup: family('market_group:{groupId}', {
    value: marketGroupSchema,
    ttl: '5m',
    negativeTtl: '30s',
  }),
  marketGroups: family('api:market_groups:{limit:int}:{offset:int}', {
    value: z.array(groupSummarySchema),
    ttl: '5m',
    tags: () => [marketListsTag],
  }),
  /** Texts of the active markets: what a search looks at. */
  searchable: family('api:searchable', {
    ...byRanking,
    value: z.array(searchableSchema),
    ttl: '5m',
    staleIfError: '10m',
    tags: () => [searchableTag],
  }),
  /** By canonical query. */
  search: family('api:search:{query}', {
    ...byRanking,
    value: searchResultSchema,
    ttl: '5m',
    staleIfError: '10m',
    tags: () => [searchableTag],
  }),
  price: family('price:{marketId}', {
    value: priceSchema,
    ttl: '3m',
    negativeTtl: '30s',
    staleIfError: '10m',
    adaptiveTtl: { activity: afterTrade },
    order: (price) => price.seq,
  }),
  leaderboard: family('api:leaderboard', { value: z.array(leaderSchema), ttl: '1h' }),
  smartTrades: family('api:smart_trades', { value: z.array(leaderTradeSchema), ttl: '5m' }),
  watchedAddresses: family('api:watched_addresses', {
    value: z.array(watchedAddressSchema),
    ttl: '15m',
    earlyRefresh: true,
    staleWhileRevalidate: '1m',
    staleIfError: '1h',
    adaptiveTtl: {
      // Distances are numbers of addresses: at five with each load the list is read each minute.
      volatility: { distance: watchedDistance, calm: 0, wild: 5, longest: '15m', shortest: '1m' },
    },
  }),
  /** What the indexer resolves a token of a trade to. */
  tokenMeaning: family('indexer:token:{tokenId}', {
    value: tokenMeaningSchema,
    ttl: '5m',
    negativeTtl: '30s',
  }),
})

export type PolycoolFamilies = (typeof catalog)['families']
