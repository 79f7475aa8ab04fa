/** `/leaderboard`, `/smart-trades` and `/watched-addresses`. */
import { z } from 'zod'
import { walletSchema } from '../../domain/leader.ts'
import { watchedAddressesChanged } from '../../domain/writes.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { bodyId, dollars } from '../http/ids.ts'
import { afterHeader, readThrough } from '../http/read-headers.ts'
import {
  allWatchedAddresses,
  forgetAddress,
  latestTrades,
  rankedLeaders,
  watchAddress,
} from '../repositories/leaders.ts'
import { type ApiServices, commitWrite } from '../services.ts'

const watched = z.object({
  address: walletSchema,
  label: z.string().trim().min(1).max(100).optional(),
  copy: z.object({ user_id: bodyId, amount: dollars }).optional(),
})
const addressPath = z.object({ address: walletSchema })

export function addLeaderRoutes(app: TypedServer, services: ApiServices): void {
  const { cache, database } = services

  app.get('/leaderboard', async (request) => {
    const leaders = await readThrough(request, {
      cached: (options) => cache.leaderboard.get(options),
      database: () => rankedLeaders(database),
    })
    return { leaders: leaders ?? [] }
  })

  app.get('/smart-trades', async (request) => {
    const trades = await readThrough(request, {
      cached: (options) => cache.smartTrades.get(options),
      database: () => latestTrades(database),
    })
    return { trades: trades ?? [] }
  })

  app.get('/watched-addresses', async (request) => {
    const addresses = await readThrough(request, {
      cached: (options) => cache.watchedAddresses.get(options),
      database: () => allWatchedAddresses(database),
    })
    return { addresses: addresses ?? [] }
  })
}

export function addWatchingRoutes(app: TypedServer, services: ApiServices): void {
  app.post('/watched-addresses', { schema: { body: watched } }, async (request, reply) => {
    const { address, label = address, copy } = request.body
    const copier = copy && { userId: copy.user_id, amount: copy.amount }
    const { token } = await commitWrite(services, watchedAddressesChanged, async (transaction) => {
      await watchAddress(transaction, { address, label, copy: copier })
      return { result: undefined, change: {}, subject: `address:${address}` }
    })
    if (token !== undefined) reply.header(afterHeader, token)
    return reply.code(201).send({ address, label })
  })

  const schema = { params: addressPath }
  app.delete('/watched-addresses/:address', { schema }, async (request, reply) => {
    const { address } = request.params
    const { token } = await commitWrite(services, watchedAddressesChanged, async (transaction) => {
      await forgetAddress(transaction, address)
      return { result: undefined, change: {}, subject: `address:${address}` }
    })
    if (token !== undefined) reply.header(afterHeader, token)
    return reply.code(204).send()
  })
}
