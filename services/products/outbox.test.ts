// That no path leads past the cache. Whoever writes, every answer shows it: the service tells the
// cache itself, and the outbox of the database tells it of everybody.
import { sql } from 'drizzle-orm'
import { expectCoherent } from 'staleproof/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openProductsStage, type ProductsStage } from '../../test/products/products-stage.ts'
import { sampleEan, sampleProduct, sampleRow } from '../../test/products/sample-rows.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { changes } from './changes.ts'
import { mediaOf } from './media.ts'

const ean = sampleEan(1)
const added = mediaOf(ean, 'https://images.example/added.jpg')
const adminToken = 'the administrator'

let stage: ProductsStage

beforeAll(async () => {
  stage = await openProductsStage(await startPostgres(), { adminToken })
  await stage.importRows(Array.from({ length: 5 }, (_, index) => sampleRow(index)))
  await stage.relayed()
})
afterAll(() => stage.close())

/** Every family, of the things that the tests below write. */
function reads(jobId: string): (() => Promise<unknown>)[] {
  const { cache } = stage.products.services
  const page = { search: '', limit: 20, offset: 0 }
  return [
    () => cache.product.get(ean),
    () => cache.productsCount.get(),
    () => cache.productPage.get({ ...page, category: '' }),
    () => cache.productPage.get({ ...page, category: 'en:teas' }),
    () => cache.productPage.get({ ...page, category: 'en:coffees' }),
    () => cache.productPage.get({ ...page, category: 'en:teas', search: 'new' }),
    () => cache.categories.get(),
    () => cache.brands.get(),
    () => cache.mediaOfProduct.get(ean),
    () => cache.mediaFile.get(added.id),
    () => cache.mapping.get(ean),
    () => cache.importStatus.get(jobId),
    () => cache.latestImports.get(),
    () => cache.dashboardStats.get(),
    () => cache.dailyReport.get(),
    () => cache.appSettings.get(),
  ]
}

async function expectShown(write: () => Promise<unknown>): Promise<void> {
  const { cache } = stage.products.services
  const jobId = (await cache.latestImports.get())?.[0]?.id ?? ''
  const report = await expectCoherent({ cache, write, reads: reads(jobId) })
  expect(report.changed.length).toBeGreaterThan(0)
}

test('every table of the service is in the mapping', async () => {
  const { rows } = await stage.products.services.database.execute<{ name: string }>(sql`
    select 'products.' || tablename as name from pg_tables where schemaname = 'products'`)
  expect([...changes.tables.keys()].sort()).toEqual(rows.map(({ name }) => name).sort())
})

describe('written past the service,', () => {
  test.each([
    ['a new name', `update products.products set name = 'New' where code = '${ean}'`],
    [
      'a change of categories',
      `update products.products set categories = '["en:coffees"]' where code = '${ean}'`,
    ],
    ['the end of a picture', `delete from products.media where product_code = '${ean}'`],
    ['a mapping', `update products.mappings set asins = '["B000000009"]' where ean = '${ean}'`],
    ['a job', 'update products.import_jobs set created = created + 1'],
    ['a setting', `insert into products.settings values ('app', '{"pageSize":7}')`],
    ['the end of a product', `delete from products.products where code = '${ean}'`],
    ['the end of all products', 'truncate products.products cascade'],
  ])('%s shows in every answer', (_, statement) =>
    expectShown(async () => {
      await stage.products.services.database.execute(statement)
      await stage.relayed()
    }),
  )
})

test('a change that no tag can name does not hold up those that come after it', async () => {
  const { database } = stage.products.services
  const [first, second] = [sampleEan(31), sampleEan(32)]
  await stage.importRows([sampleRow(31), sampleRow(32)])
  await stage.relayed()
  await stage.get(`/products/${second}`)
  const endless = JSON.stringify(['z'.repeat(3_000)])
  await database.execute(sql`update products.products set categories = ${endless}::jsonb
    where code = ${first}`)
  await database.execute(sql`update products.products set name = 'After' where code = ${second}`)
  await stage.relayed()
  expect(await stage.get(`/products/${second}`)).toMatchObject({ name: 'After' })
  await database.execute(sql`delete from products.products where code = ${first}`)
  await stage.relayed()
})

describe('written by the service, without the outbox,', () => {
  beforeAll(async () => {
    await stage.products.services.database.execute('drop schema products_outbox cascade')
  })

  const put = (path: string, body: object) =>
    stage.ask(path, {
      method: 'PUT',
      body,
      headers: { authorization: `Bearer ${adminToken}` },
    })

  test.each([
    ['an import', () => stage.importRows([sampleRow(1), sampleRow(2)])],
    ['a new name', () => stage.save(1, { name: 'New' })],
    ['a change of categories', () => stage.save(1, { categories: ['en:coffees'] })],
    [
      'a picture',
      () => stage.ask(`/products/${ean}/media`, { method: 'POST', body: { url: added.url } }),
    ],
    ['the end of a picture', () => stage.ask(`/media/${added.id}`, { method: 'DELETE' })],
    ['a mapping', () => put(`/code2asin/${ean}`, { asins: ['B000000008'] })],
    ['a setting', () => put('/settings', { pageSize: 9 })],
    ['the end of a product', () => stage.ask(`/products/${ean}`, { method: 'DELETE' })],
    ['a new product', () => put(`/products/${ean}`, sampleProduct(1))],
  ] as const)('%s shows in every answer', (_, write) => expectShown(write))
})
