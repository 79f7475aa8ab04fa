import { expect, test } from 'vitest'
import { defineCatalog } from '../../core/catalog.ts'
import { family } from '../../core/family.ts'
import { shape } from '../../core/shape.ts'
import { createInspection } from '../../inspect/index.ts'
import { readerCommands } from '../../observe/index.ts'
import { openCache } from '../../open.ts'
import { onlookerOf } from './onlooker.ts'

const catalog = defineCatalog('looked-at', {
  item: family('item:{id}', { value: shape<string>(), ttl: '1m' }),
})

test('without Redis the page is told of the process that shows it, and nothing fails', async () => {
  const cache = await openCache(catalog, { service: 'looker', namespace: 'looked-at', log: false })
  const inspection = createInspection('redis://127.0.0.1:1', {
    name: 'looker',
    allowed: readerCommands,
  })
  const { reporter, close } = await onlookerOf(cache, inspection)
  expect((await reporter.facts()).processes).toMatchObject([{ facts: { service: 'looker' } }])
  expect(await reporter.history(0)).toEqual([])
  await close()
  await inspection.close()
  await cache.close()
})
