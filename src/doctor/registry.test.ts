import { expect, test } from 'vitest'
import { defineCatalog } from '../core/catalog.ts'
import { family } from '../core/family.ts'
import { shape } from '../core/shape.ts'
import { processOf } from './process.test-support.ts'
import { registryOfCatalog, registryOfProcesses } from './registry.ts'

test('a catalog gives families by their keys', () => {
  const registry = registryOfCatalog(
    defineCatalog('app', {
      user: family('user:{userId:int}', {
        value: shape<object>(),
        ttl: '5m',
        staleWhileRevalidate: '1m',
      }),
    }),
  )
  expect(registry.familyOf('user:7')).toMatchObject({ name: 'user', maxStaleMs: 360_000 })
  expect(registry.familyOf('user:x')).toBeUndefined()
})

test('processes give what they declare: the longest life counts', () => {
  const registry = registryOfProcesses([
    processOf({
      families: { user: { template: 'user:{id}', maxStaleMs: 5, version: 'a' } },
    }),
    processOf({
      families: { user: { template: 'user:{id}', maxStaleMs: 9, version: 'b' } },
    }),
  ])
  expect(registry?.familyOf('user:x')).toMatchObject({ maxStaleMs: 9 })
})

test('a template that can not be read is left out, and the others are not', () => {
  const registry = registryOfProcesses([
    processOf({ families: { broken: { template: 'user:{id' }, page: { template: 'page:{id}' } } }),
  ])
  expect(registry?.families.map(({ name }) => name)).toEqual(['page'])
})

test('where nobody declares anything there is no registry', () => {
  expect(registryOfProcesses([])).toBeUndefined()
  expect(registryOfProcesses([processOf()])).toBeUndefined()
})

test('a catalog is completed by what processes declare, also where names are the same', () => {
  const own = registryOfCatalog(
    defineCatalog('app', {
      user: family('user:{userId}', { value: shape<object>(), ttl: '5m' }),
    }),
  )
  const published = registryOfProcesses([
    processOf({ families: { user: { template: 'user:{userId}', maxStaleMs: 1 } } }),
    processOf({ families: { user: { template: 'shop_user_{id}', maxStaleMs: 2 } } }),
  ])
  const both = published && own.and(published)
  expect(both?.familyOf('user:7')).toMatchObject({ maxStaleMs: 300_000 })
  expect(both?.familyOf('shop_user_7')).toMatchObject({ maxStaleMs: 2 })
  expect(both?.families).toHaveLength(2)
})
