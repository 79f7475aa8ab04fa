/** `/groups`: events, and the markets of one. */
import { z } from 'zod'
import { groupView } from '../../caches/market-groups.ts'
import { marketSchema } from '../../domain/market.ts'
import { groupSummarySchema } from '../../domain/market-group.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { notFound } from '../../process/service-error.ts'
import { absentRefusals, answer, refusals } from '../http/answers.ts'
import { marketId } from '../http/ids.ts'
import { readThrough } from '../http/read-headers.ts'
import { groupPage, groupsByIds } from '../repositories/market-groups.ts'
import { marketsByIds } from '../repositories/markets.ts'
import type { ApiServices } from '../services.ts'

const page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  offset: z.coerce.number().int().min(0).max(10_000).default(0),
})
/** Like the id of a market, any text may be asked for. */
const groupPath = z.object({ groupId: marketId })
const groups = z.object({ groups: z.array(groupSummarySchema).readonly() })
const group = z.object({
  id: z.string(),
  title: z.string(),
  markets: z.array(marketSchema.extend({ label: z.string() })).readonly(),
})

export function addGroupRoutes(app: TypedServer, services: ApiServices): void {
  const { cache, database } = services

  const list = {
    summary: 'Events with several active markets, those with the greatest volume first.',
    querystring: page,
    response: { 200: answer('A page of events.', groups), ...refusals },
  }
  app.get('/groups', { schema: list }, async (request) => {
    const groups = await readThrough(request, {
      cached: (options) => cache.marketGroups.get(request.query, options),
      database: () => groupPage(database, request.query),
    })
    return { groups: groups ?? [] }
  })

  const one = {
    summary: 'An event and its markets, in the order of their ids.',
    params: groupPath,
    response: { 200: answer('The event.', group), ...absentRefusals },
  }
  app.get('/groups/:groupId', { schema: one }, async (request) => {
    const { groupId } = request.params
    const found = await readThrough(request, {
      cached: (options) => cache.marketGroup.get(groupId, options),
      database: async () => (await groupsByIds(database, [groupId]))[0],
    })
    if (found === undefined) throw notFound('group', groupId)
    return groupView(found, (ids) =>
      readThrough(request, {
        cached: () => cache.market.getMany(ids),
        database: () => marketsByIds(database, ids),
      }),
    )
  })
}
