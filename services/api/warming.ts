/**
 * What the API keeps warm: it opens the market preloader, tells it who reads what, and shows an
 * administrator what came of it.
 */
import type { FastifyRequest } from 'fastify'
import type { WarmTask } from 'staleproof/warm'
import { z } from 'zod'
import {
  MarketPreloader,
  type MarketPreloaderParts,
  type NotedRead,
} from '../caches/market-preloader.ts'
import { tradersWarmedMax } from '../caches/user-stats.ts'
import type { Database } from '../database/connection.ts'
import { adminGuard } from '../process/admin-token.ts'
import type { TypedServer } from '../process/http-server.ts'
import { endUserOf } from '../process/request-headers.ts'
import { latestTraders } from './repositories/user-stats.ts'

export interface WarmingFacts extends Omit<MarketPreloaderParts, 'tasks'> {
  readonly database: Database
  readonly adminToken: string | undefined
}

const marketRequest = z.object({ marketId: z.string() })

/** Whoever calls it closes what it returns. */
export function addWarming(app: TypedServer, facts: WarmingFacts): MarketPreloader {
  const { database, adminToken, ...parts } = facts
  const preloader = new MarketPreloader({ ...parts, tasks: [userStatsTask(database)] })
  app.addHook('onResponse', (request, reply, done) => {
    const read = reply.statusCode === 200 ? readOf(request) : undefined
    if (read !== undefined) preloader.note(read)
    done()
  })
  if (adminToken !== undefined) {
    app.get('/debug/warming', { onRequest: adminGuard(adminToken) }, () => preloader.report())
  }
  return preloader
}

/** Each end user has pages of his own, besides those that all read. */
function readOf(request: FastifyRequest): NotedRead | undefined {
  const who = endUserOf(request)
  if (who === undefined || request.method !== 'GET') return undefined
  const { url } = request.routeOptions
  if (url === '/markets') return { family: 'marketList', id: request.query, who }
  if (url !== '/markets/:marketId') return undefined
  const { marketId } = marketRequest.parse(request.params)
  return { family: 'market', id: marketId, who }
}

/** Those who traded last will look at what it has come to. */
function userStatsTask(database: Database): WarmTask {
  return {
    name: 'userStats',
    critical: false,
    run: async (_, budget) => {
      const ids = await latestTraders(database, tradersWarmedMax)
      await budget.preload({ family: 'userStats', ids })
    },
  }
}
