/** The catalog that a test and its second process share. */
import { defineCatalog, family, shape } from 'staleproof'

export const catalog = defineCatalog('second', {
  any: family('any:{name}', { value: shape<unknown>(), ttl: '30s', negativeTtl: '30s' }),
})
