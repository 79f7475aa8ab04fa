/** `/code2asin`: which ASIN an EAN has. Unknown ones are remembered as such. */
import { z } from 'zod'
import type { TypedServer } from '../../process/http-server.ts'
import { notFound } from '../../process/service-error.ts'
import { mappingRow } from '../changes.ts'
import { asinSchema, mappingBatchMax } from '../mapping.ts'
import { eanSchema } from '../product.ts'
import { readOptions, withToken } from '../read-options.ts'
import { enterMapping } from '../repositories/mappings.ts'
import { commitRows, type ProductsServices } from '../services.ts'
import { mappingEntered } from '../writes.ts'

const eanPath = z.object({ ean: eanSchema })
const batch = z.object({ eans: z.array(eanSchema).max(mappingBatchMax) })
const entered = z.object({ asins: z.array(asinSchema).max(10) })

export function addCode2AsinRoutes(app: TypedServer, services: ProductsServices): void {
  const { cache } = services

  app.get('/code2asin/:ean', { schema: { params: eanPath } }, async (request) => {
    const { ean } = request.params
    const mapping = await cache.mapping.get(ean, readOptions(request))
    if (mapping === undefined) throw notFound('mapping', ean)
    return mapping
  })

  app.post('/code2asin/batch', { schema: { body: batch } }, async (request) => {
    const eans = [...new Set(request.body.eans)]
    const found = await cache.mapping.getMany(eans, readOptions(request))
    const mappings = found.filter((mapping) => mapping !== undefined)
    return { mappings, missing: eans.filter((_, index) => found[index] === undefined) }
  })

  app.put(
    '/code2asin/:ean',
    { schema: { params: eanPath, body: entered } },
    async (request, reply) => {
      const mapping = { ean: request.params.ean, asins: request.body.asins }
      const { token } = await commitRows(services, mappingEntered, async (transaction) => {
        await enterMapping(transaction, mapping)
        return { result: undefined, rows: [mappingRow(mapping.ean)] }
      })
      return withToken(reply, token).send({ ...mapping, origin: 'manual' })
    },
  )
}
