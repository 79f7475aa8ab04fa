import { type TestCache, testCache } from 'staleproof/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sampleMarket } from '../api/testing/sample-data.ts'
import { catalog, type PolycoolFamilies } from '../domain/catalog.ts'
import { clearWritten } from './clean-start.ts'
import { silentLogger } from './logger.ts'

const log = silentLogger()

let volume = 1
let cache: TestCache<PolycoolFamilies>

beforeEach(async () => {
  cache = await testCache(catalog, {
    market: { many: (ids) => ids.map((id) => sampleMarket(id, { volume })) },
    positions: { many: (ids) => ids.map(() => []) },
  })
})
afterEach(() => cache.close())

test('what a killed process has not told is not shown after the next one has begun', async () => {
  await Promise.all([cache.market.get('11'), cache.positions.get(7)])
  await cache.settled()
  volume = 2
  await clearWritten({ cache, log }, 'workers')
  expect(await cache.market.get('11')).toMatchObject({ volume: 2 })
  expect(await cache.positions.lookup(7)).toMatchObject({ from: 'memory' })
})
