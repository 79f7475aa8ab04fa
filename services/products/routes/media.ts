/** Pictures of products: metadata only, nothing is fetched. */
import { z } from 'zod'
import type { TypedServer } from '../../process/http-server.ts'
import { notFound } from '../../process/service-error.ts'
import { mediaRow } from '../changes.ts'
import { mediaOf, mediaUrl } from '../media.ts'
import { eanSchema } from '../product.ts'
import { readOptions, withToken } from '../read-options.ts'
import { addMedia, deleteMedia } from '../repositories/media.ts'
import { lockProduct } from '../repositories/products.ts'
import { commitRows, type ProductsServices } from '../services.ts'
import { mediaAdded, mediaDeleted } from '../writes.ts'

const productPath = z.object({ code: eanSchema })
const mediaPath = z.object({ id: z.string().regex(/^[0-9a-f]{16}$/, '16 hexadecimal digits') })
const added = z.object({ url: mediaUrl })

export function addMediaRoutes(app: TypedServer, services: ProductsServices): void {
  const { cache } = services

  app.get('/products/:code/media', { schema: { params: productPath } }, async (request) => {
    return { media: await cache.mediaOfProduct.get(request.params.code, readOptions(request)) }
  })

  app.get('/media/:id', { schema: { params: mediaPath } }, async (request) => {
    const { id } = request.params
    const file = await cache.mediaFile.get(id, readOptions(request))
    if (file === undefined) throw notFound('media', id)
    return file
  })

  app.post(
    '/products/:code/media',
    { schema: { params: productPath, body: added } },
    async (request, reply) => {
      const { code } = request.params
      const file = mediaOf(code, request.body.url)
      const { result, token } = await commitRows(services, mediaAdded, async (transaction) => {
        const product = await lockProduct(transaction, code)
        if (product === undefined) throw notFound('product', code)
        const isNew = await addMedia(transaction, file)
        return { result: isNew, rows: isNew ? [mediaRow(file)] : [] }
      })
      return withToken(reply, token)
        .code(result ? 201 : 200)
        .send(file)
    },
  )

  app.delete('/media/:id', { schema: { params: mediaPath } }, async (request, reply) => {
    const { id } = request.params
    const { token } = await commitRows(services, mediaDeleted, async (transaction) => {
      const file = await deleteMedia(transaction, id)
      if (file === undefined) throw notFound('media', id)
      return { result: undefined, rows: [mediaRow(file)] }
    })
    return withToken(reply, token).code(204).send()
  })
}
