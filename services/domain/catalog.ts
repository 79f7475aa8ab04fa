/**
 * The catalog shared by every service: the only place where a key is written down.
 * A market has one copy under its id; a condition id leads to that id and holds nothing more.
 */
import { defineCatalog, family } from 'staleproof'
import { z } from 'zod'
import {
  leaderSchema,
  leaderTradeSchema,
  tokenMeaningSchema,
  watchedAddressSchema,
} from './leader.ts'
import { marketListSchema, marketSchema } from './market.ts'
import { positionSchema, positionsSchema } from './position.ts'
import { priceSchema } from './price.ts'
import { userSchema } from './user.ts'

export const catalog = defineCatalog('polycool', {
  /** Open positions of a user, newest first. */
  positions: family('api:positions:{userId:int}', { value: positionsSchema, ttl: '30s' }),
  position: family('api:position:{positionId:int}', { value: positionSchema, ttl: '30s' }),
  user: family('api:user:{telegramId:int}', { value: userSchema, ttl: '1h' }),
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
  }),
  price: family('price:{marketId}', {
    value: priceSchema,
    ttl: '20s',
    order: (price) => price.seq,
  }),
  leaderboard: family('api:leaderboard', { value: z.array(leaderSchema), ttl: '1h' }),
  smartTrades: family('api:smart_trades', { value: z.array(leaderTradeSchema), ttl: '5m' }),
  watchedAddresses: family('api:watched_addresses', {
    value: z.array(watchedAddressSchema),
    ttl: '15m',
  }),
  /** What the indexer resolves a token of a trade to. */
  tokenMeaning: family('indexer:token:{tokenId}', {
    value: tokenMeaningSchema,
    ttl: '5m',
    negativeTtl: '30s',
  }),
})

export type PolycoolFamilies = (typeof catalog)['families']
