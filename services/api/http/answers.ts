/** How answers of the API look: what routes declare, and OpenAPI shows. */
import { z } from 'zod'
import { leaderSchema, leaderTradeSchema, watchedAddressSchema } from '../../domain/leader.ts'
import { marketSchema } from '../../domain/market.ts'
import { groupSummarySchema } from '../../domain/market-group.ts'
import { positionSchema } from '../../domain/position.ts'
import { priceSchema, tokenPriceSchema } from '../../domain/price.ts'
import { userSchema } from '../../domain/user.ts'

/** Every answer that is no success: a stable code, and a sentence for people. */
export const refusalSchema = z.object({
  /** A stable code, such as `market_not_found`. */
  error: z.string(),
  /** A sentence for people. */
  message: z.string(),
})

/** An answer of a route: what it is, and its shape. Lists end in `.readonly()`, as caches do. */
export function answer<S extends z.ZodType>(description: string, schema: S) {
  return { description, content: { 'application/json': { schema } } }
}

/** Success, and nothing to say about it. */
export const noContent = z.undefined()

const refusal = (description: string) => answer(description, refusalSchema)

/** What any request may be answered. */
export const refusals = {
  400: refusal('The request does not fit; the message names what is wrong.'),
  429: refusal('Too many requests of this user; `Retry-After` says when to come again.'),
  500: refusal('A fault of ours.'),
  503: refusal('Too much to do, or the database is away; `Retry-After` says when to come again.'),
}

/** What a request for one thing may be answered. */
export const absentRefusals = {
  ...refusals,
  404: refusal('There is nothing of that id.'),
}

/** What an order may be answered. */
export const orderRefusals = {
  ...absentRefusals,
  409: refusal('The order contradicts what is; the code says why.'),
}

/** The things that several answers show; OpenAPI names them once. */
export const components = z.registry<{ id: string }>()
components.add(refusalSchema, { id: 'Refusal' })
components.add(leaderSchema, { id: 'Leader' })
components.add(leaderTradeSchema, { id: 'LeaderTrade' })
components.add(watchedAddressSchema, { id: 'WatchedAddress' })
components.add(marketSchema, { id: 'Market' })
components.add(positionSchema, { id: 'Position' })
components.add(groupSummarySchema, { id: 'GroupSummary' })
components.add(priceSchema, { id: 'Price' })
components.add(tokenPriceSchema, { id: 'TokenPrice' })
components.add(userSchema, { id: 'User' })
