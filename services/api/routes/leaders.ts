/** `/leaderboard`, `/smart-trades` and `/watched-addresses`. */
import { z } from 'zod'
import {
  leaderSchema,
  leaderTradeSchema,
  walletSchema,
  watchedAddressSchema,
} from '../../domain/leader.ts'
import { watchedAddressesChanged } from '../../domain/writes.ts'
import { commitWrite } from '../../process/commit-write.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { afterHeader } from '../../process/request-headers.ts'
import { wellFormed } from '../../process/well-formed.ts'
import { absentRefusals, answer, noContent, orderRefusals, refusals } from '../http/answers.ts'
import { bodyId, dollars, numericId } from '../http/ids.ts'
import { readThrough } from '../http/read-headers.ts'
import {
  allWatchedAddresses,
  endCopying,
  forgetAddress,
  latestTrades,
  rankedLeaders,
  watchAddress,
  watchedMax,
} from '../repositories/leaders.ts'
import type { ApiServices } from '../services.ts'

const watched = z.object({
  address: walletSchema,
  label: wellFormed.trim().min(1).max(100).optional(),
  copy: z.object({ user_id: bodyId, amount: dollars }).optional(),
})
const addressPath = z.object({ address: walletSchema })
const copierPath = z.object({ address: walletSchema, userId: numericId })
const total = z.number().int().describe('how many there are to be paged')
const ranking = z.object({ leaders: z.array(leaderSchema).readonly(), total })
const latest = z.object({ trades: z.array(leaderTradeSchema).readonly(), total })
const everyone = z.object({ addresses: z.array(watchedAddressSchema).readonly(), total })
/** Each list is one cached value, whatever page of it is asked for; by default all of it. */
const page = z.object({
  limit: z.coerce.number().int().min(1).max(watchedMax).default(watchedMax),
  offset: z.coerce.number().int().min(0).max(watchedMax).default(0),
})
const added = z.object({ address: z.string(), label: z.string() })

export function addLeaderRoutes(app: TypedServer, services: ApiServices): void {
  const { cache, database } = services

  const leaderboard = {
    summary: 'Watched wallets by profit.',
    querystring: page,
    response: { 200: answer('The ranking.', ranking), ...refusals },
  }
  app.get('/leaderboard', { schema: leaderboard }, async (request) => {
    const leaders = await readThrough(request, {
      cached: (options) => cache.leaderboard.get(options),
      database: () => rankedLeaders(database),
    })
    return { leaders: pageOf(leaders, request.query), total: leaders?.length ?? 0 }
  })

  const smartTrades = {
    summary: 'The latest trades of watched wallets.',
    querystring: page,
    response: { 200: answer('The trades, newest first.', latest), ...refusals },
  }
  app.get('/smart-trades', { schema: smartTrades }, async (request) => {
    const trades = await readThrough(request, {
      cached: (options) => cache.smartTrades.get(options),
      database: () => latestTrades(database),
    })
    return { trades: pageOf(trades, request.query), total: trades?.length ?? 0 }
  })

  const watchedAddresses = {
    summary: 'Wallets that are watched, and how many users copy each.',
    querystring: page,
    response: { 200: answer('The wallets.', everyone), ...refusals },
  }
  app.get('/watched-addresses', { schema: watchedAddresses }, async (request) => {
    const addresses = await readThrough(request, {
      cached: (options) => cache.watchedAddresses.get(options),
      database: () => allWatchedAddresses(database),
    })
    return { addresses: pageOf(addresses, request.query), total: addresses?.length ?? 0 }
  })
}

function pageOf<V>(
  all: readonly V[] | undefined,
  { limit, offset }: z.output<typeof page>,
): readonly V[] {
  return all?.slice(offset, offset + limit) ?? []
}

export function addWatchingRoutes(app: TypedServer, services: ApiServices): void {
  const watch = {
    summary: 'Watches a wallet, and copies its trades for a user where one is named.',
    body: watched,
    response: { 201: answer('What is watched.', added), ...orderRefusals },
  }
  app.post('/watched-addresses', { schema: watch }, async (request, reply) => {
    const { address, label = address, copy } = request.body
    const copier = copy && { userId: copy.user_id, amount: copy.amount }
    const { token } = await commitWrite(services, watchedAddressesChanged, async (transaction) => {
      await watchAddress(transaction, { address, label, copy: copier })
      return { result: undefined, change: {}, subject: `address:${address}` }
    })
    if (token !== undefined) reply.header(afterHeader, token)
    return reply.code(201).send({ address, label })
  })

  const forget = {
    summary: 'Ends the watching of a wallet, and the copying of it.',
    params: addressPath,
    response: { 204: noContent, ...absentRefusals },
  }
  app.delete('/watched-addresses/:address', { schema: forget }, async (request, reply) => {
    const { address } = request.params
    const { token } = await commitWrite(services, watchedAddressesChanged, async (transaction) => {
      await forgetAddress(transaction, address)
      return { result: undefined, change: {}, subject: `address:${address}` }
    })
    if (token !== undefined) reply.header(afterHeader, token)
    return reply.code(204).send()
  })

  const uncopy = {
    summary: 'Ends the copying of a wallet by one user; the wallet is still watched.',
    params: copierPath,
    response: { 204: noContent, ...absentRefusals },
  }
  app.delete(
    '/watched-addresses/:address/copiers/:userId',
    { schema: uncopy },
    async (request, reply) => {
      const { address, userId } = request.params
      const { token } = await commitWrite(
        services,
        watchedAddressesChanged,
        async (transaction) => {
          await endCopying(transaction, { address, userId })
          return { result: undefined, change: {}, subject: `user:${userId}` }
        },
      )
      if (token !== undefined) reply.header(afterHeader, token)
      return reply.code(204).send()
    },
  )
}
