import { openCache } from 'staleproof'
import { afterEach, expect, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { Closing } from '../process/closing.ts'
import { silentLogger } from '../process/logger.ts'
import { appSettingsDefault } from './app-settings.ts'
import { productsCatalog } from './catalog.ts'
import { openWarming } from './warming.ts'

const closing = new Closing()
afterEach(() => closing.close())

function failing(): never {
  throw new Error('the database is away')
}

const pageSize = 7

/** Its dashboard and its brands can't be loaded, and its pages are not as long as at first. */
async function openFailing() {
  const logged: string[] = []
  const tell = (level: string) => (fields: object) => logged.push(`${level} ${Object(fields).task}`)
  const log = Object.assign(silentLogger(), { warn: tell('warn'), debug: tell('debug') })
  const cache = await openCache(productsCatalog(), {
    service: 'test',
    log: false,
    sources: {
      productsCount: () => 7,
      productPage: () => ({ total: 0, products: [] }),
      appSettings: () => ({ pageSize }),
      brands: failing,
      dashboardStats: failing,
    },
  })
  closing.add(() => cache.close())
  const warmer = openWarming({ cache, log })
  closing.add(() => warmer.close())
  const haveEnded = () => warmer.report().tasks.every((task) => task.successes + task.failures > 0)
  await eventually('each task has ended once', haveEnded)
  return { cache, warmer, logged }
}

test('the start loads what nobody has asked for yet', async () => {
  const { cache } = await openFailing()
  expect(cache.productsCount.peek()).toBe(7)
})

test('the first page is as long as the settings say', async () => {
  const { cache } = await openFailing()
  const page = { category: '', search: '', offset: 0 }
  expect(cache.productPage.peek({ ...page, limit: pageSize })).toBeDefined()
  expect(cache.productPage.peek({ ...page, limit: appSettingsDefault.pageSize })).toBeUndefined()
})

test('each task is counted, and only the failure of a critical one is a warning', async () => {
  const { warmer, logged } = await openFailing()
  const counts = warmer.report().tasks.map(({ name, successes, failures }) => {
    return { name, successes, failures }
  })
  expect(counts).toEqual([
    { name: 'dashboard_stats', successes: 0, failures: 1 },
    { name: 'products_first_page', successes: 1, failures: 0 },
    { name: 'brand_list', successes: 0, failures: 1 },
  ])
  expect(logged).toEqual(['warn dashboard_stats', 'debug brand_list'])
})
