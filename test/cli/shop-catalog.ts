/** A small shop, as the commands and the services of the tests see it. */
import { defineCatalog, family, shape } from 'staleproof'

export interface Product {
  readonly id: number
  readonly name: string
}

export const shopCatalog = defineCatalog('shop', {
  product: family('api:product:{id:int}', {
    value: shape<Product>(),
    ttl: '10m',
    staleWhileRevalidate: '1h',
    tags: (_product, id) => [`shelf:${id % 2}`],
  }),
  category: family('api:category:{name}', { value: shape<readonly string[]>(), ttl: '5m' }),
})
