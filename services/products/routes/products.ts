/** `/products`: lists, one, and their changes. */
import { z } from 'zod'
import type { TypedServer } from '../../process/http-server.ts'
import { notFound } from '../../process/service-error.ts'
import { wellFormed } from '../../process/well-formed.ts'
import { appSettingsDefault } from '../app-settings.ts'
import { mediaRow, productRow, type RowChange } from '../changes.ts'
import {
  categorySchema,
  eanSchema,
  normalisedSearch,
  type Product,
  productFields,
} from '../product.ts'
import { readOptions, withToken } from '../read-options.ts'
import { mediaOfProduct } from '../repositories/media.ts'
import { deleteProduct, saveProduct } from '../repositories/products.ts'
import { commitRows, type ProductsServices } from '../services.ts'
import { productDeleted, productSaved } from '../writes.ts'

const query = z.object({
  category: z.union([z.literal(''), categorySchema]).default(''),
  search: wellFormed.max(60).default('').transform(normalisedSearch),
  limit: z.coerce.number().int().min(1).max(100).optional(),
  offset: z.coerce.number().int().min(0).max(100_000).default(0),
})
const productPath = z.object({ code: eanSchema })

export function addProductRoutes(app: TypedServer, { cache }: ProductsServices): void {
  app.get('/products', { schema: { querystring: query } }, async (request) => {
    const options = readOptions(request)
    const { category, search, offset, limit = await usualPageSize() } = request.query
    return cache.productPage.get({ category, search, limit, offset }, options)
  })

  app.get('/products/count', async (request) => {
    return { products: await cache.productsCount.get(readOptions(request)) }
  })

  app.get('/products/:code', { schema: { params: productPath } }, async (request) => {
    const { code } = request.params
    const product = await cache.product.get(code, readOptions(request))
    if (product === undefined) throw notFound('product', code)
    return product
  })

  app.get('/categories', async (request) => {
    return { categories: await cache.categories.get(readOptions(request)) }
  })

  app.get('/brands', async (request) => {
    return { brands: await cache.brands.get(readOptions(request)) }
  })

  async function usualPageSize(): Promise<number> {
    return ((await cache.appSettings.get()) ?? appSettingsDefault).pageSize
  }
}

export function addProductChangeRoutes(app: TypedServer, services: ProductsServices): void {
  app.put(
    '/products/:code',
    { schema: { params: productPath, body: productFields } },
    async (request, reply) => {
      const product = { ...request.body, code: request.params.code }
      const { result, token } = await commitRows(services, productSaved, async (transaction) => {
        const change = await saveProduct(transaction, product)
        return { result: change, rows: rowsOf(change) }
      })
      const status = result.before === undefined ? 201 : 200
      return withToken(reply, token).code(status).send(result.after)
    },
  )

  app.delete('/products/:code', { schema: { params: productPath } }, async (request, reply) => {
    const { code } = request.params
    const { token } = await commitRows(services, productDeleted, async (transaction) => {
      const pictures = await mediaOfProduct(transaction, code)
      const before = await deleteProduct(transaction, code)
      if (before === undefined) throw notFound('product', code)
      const rows = [...rowsOf({ before, after: undefined }), ...pictures.map(mediaRow)]
      return { result: undefined, rows }
    })
    return withToken(reply, token).code(204).send()
  })
}

/** As it was and as it is: it may leave one category and enter another. */
function rowsOf(change: {
  readonly before: Product | undefined
  readonly after: Product | undefined
}): readonly RowChange[] {
  return [change.before, change.after].flatMap((one) =>
    one === undefined ? [] : [productRow(one)],
  )
}
