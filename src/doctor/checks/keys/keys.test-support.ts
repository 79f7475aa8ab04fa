/** Keys, and a catalog of one family, for the tests of checks of keys. */
import { defineCatalog } from '../../../core/catalog.ts'
import { family } from '../../../core/family.ts'
import { shape } from '../../../core/shape.ts'
import type { GivenFacts, GivenKey } from '../../facts.test-support.ts'
import { registryOfCatalog } from '../../registry.ts'

const registry = registryOfCatalog(
  defineCatalog('app', {
    user: family('user:{userId:int}', { value: shape<object>(), ttl: '5m' }),
  }),
)
/** `user:{userId:int}`, for five minutes. */
export const declared = { more: { registry } }

export const many = (count: number, key: (at: number) => GivenKey): readonly GivenKey[] =>
  Array.from({ length: count }, (_, at) => key(at))

/** Three keys of each name, with a number in the place of `#`. */
export const named = (...names: readonly string[]): GivenFacts => ({
  keys: names.flatMap((name) => many(3, (at) => ({ name: name.replace('#', String(at)) }))),
})
