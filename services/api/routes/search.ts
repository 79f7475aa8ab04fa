/** `/markets/search`: active markets by words. */
import { z } from 'zod'
import { marketSchema } from '../../domain/market.ts'
import type { TypedServer } from '../../process/http-server.ts'
import { wellFormed } from '../../process/well-formed.ts'
import { resultsMax } from '../../search/search-markets.ts'
import { queryWordsOf } from '../../search/words.ts'
import { answer, refusals } from '../http/answers.ts'
import { readThrough } from '../http/read-headers.ts'
import { searchDatabase } from '../repositories/search.ts'
import type { ApiServices } from '../services.ts'

const order = z.object({
  q: wellFormed
    .max(200)
    .refine((text) => queryWordsOf(text).length > 0, { message: 'expected a letter or a digit' }),
  limit: z.coerce.number().int().min(1).max(50).default(20),
  offset: z.coerce.number().int().min(0).max(resultsMax).default(0),
})
const page = z.object({
  markets: z.array(marketSchema).readonly(),
  total: z.number().int().describe(`all that match; at most ${resultsMax} can be paged`),
  query: z.string().describe('the words that were searched, misspelt ones corrected'),
  computed_at: z.iso.datetime(),
  markets_searched: z.number().int(),
})

export function addSearchRoutes(app: TypedServer, services: ApiServices): void {
  const { search, database } = services
  const schema = {
    summary: 'Active markets by words, best first.',
    querystring: order,
    response: { 200: answer('A page of the result.', page), ...refusals },
  }
  app.get('/markets/search', { schema }, async (request) => {
    const { q: text, limit, offset } = request.query
    const found = await readThrough(request, {
      cached: (options) => search.page({ text, limit, offset }, options),
      database: () => searchDatabase(database, { text, limit, offset }),
    })
    const { computedAt, marketsSearched, ...rest } = found
    return { ...rest, computed_at: computedAt, markets_searched: marketsSearched }
  })
}
