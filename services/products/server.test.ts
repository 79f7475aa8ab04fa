import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openProductsStage, type ProductsStage } from '../../test/products/products-stage.ts'
import { sampleEan, sampleRow } from '../../test/products/sample-rows.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { mediaPerProductMax } from './media.ts'

const adminToken = 'the administrator'
const authorization = `Bearer ${adminToken}`
const almondMilks = 'en:almond-milks'

let stage: ProductsStage

beforeAll(async () => {
  stage = await openProductsStage(await startPostgres(), { adminToken })
})
afterAll(() => stage.close())

describe('products', () => {
  test('lists are paged and sorted by name, in a category or in all', async () => {
    await stage.importSample()
    const page = '/products?category=en:almond-milks&limit=5'
    const both = [...(await stage.listed(page)), ...(await stage.listed(`${page}&offset=5`))]
    expect(new Set(both.map(({ code }) => code)).size).toBe(10)
    const shown = both.map(({ name }) => name.toLowerCase())
    expect(shown).toEqual(shown.toSorted())
    expect(await stage.get(page)).toMatchObject({ total: 19 })
    expect(Object(await stage.get('/products?limit=1')).total).toBeGreaterThan(1_440)
  })

  test('a search ignores case and spaces, and takes no wildcard', async () => {
    await stage.save(10, { name: 'Quite Special Tea' })
    expect(await stage.names('/products?search=%20QUITE%20%20special')).toEqual([
      'Quite Special Tea',
    ])
    expect(await stage.names('/products?search=quite%25tea')).toEqual([])
  })

  test('a change shows at once, in its page, the counts and the dashboard', async () => {
    const category = `${almondMilks}-new`
    const page = `/products?category=${category}`
    const look = async () => ({
      names: await stage.names(page),
      count: Object(await stage.get('/products/count')).products,
      dashboard: Object(await stage.get('/analytics/dashboard')).products,
    })
    const before = await look()
    await stage.save(11, { name: 'First', categories: [category] })
    const { count } = before
    expect(await look()).toEqual({ names: ['First'], count: count + 1, dashboard: count + 1 })
    await stage.save(11, { name: 'Second', categories: [category] })
    expect((await look()).names).toEqual(['Second'])
    await stage.save(11, { name: 'Second', categories: [] })
    expect((await look()).names).toEqual([])
    await stage.ask(`/products/${sampleEan(11)}`, { method: 'DELETE' })
    expect(await look()).toEqual(before)
  })

  test('a change of one product leaves the pages of other categories in memory', async () => {
    const { cache } = stage.products.services
    await stage.relayed()
    const id = { category: 'en:gherkins', search: '', limit: 20, offset: 0 }
    await cache.productPage.get(id)
    await cache.settled()
    await stage.save(12)
    await stage.relayed()
    expect(await cache.productPage.lookup(id)).toMatchObject({ from: 'memory' })
  })

  test('what somebody writes past the service shows as well', async () => {
    await stage.save(13, { name: 'Before' })
    const path = `/products/${sampleEan(13)}`
    expect(await stage.get(path)).toMatchObject({ name: 'Before' })
    const statement = `update products.products set name = 'After' where code = '${sampleEan(13)}'`
    await stage.products.services.database.execute(statement)
    await stage.relayed()
    expect(await stage.get(path)).toMatchObject({ name: 'After' })
  })

  test.each(['search=%00', 'category=%00', `category=${'é'.repeat(90)}`, 'limit=0'])(
    'the query %s harms nothing',
    async (query) => {
      expect((await stage.refusal(`/products?${query}`)).status).toBe(400)
      expect((await stage.names('/products?limit=1')).length).toBe(1)
    },
  )

  test('no code but a valid EAN is taken', async () => {
    expect(await stage.refusal('/products/1234567890123')).toMatchObject({ status: 400 })
    expect(await stage.refusal('/products/*')).toMatchObject({ status: 400 })
    const categories = ['x'.repeat(90)]
    await expect(stage.save(14, { categories })).rejects.toMatchObject({ code: 'invalid_request' })
  })
})

describe('pictures', () => {
  const url = 'https://images.example/1/nutrition_es.12.400.jpg'

  test('say of themselves what their address tells, and nothing is fetched', async () => {
    await stage.save(20)
    const path = `/products/${sampleEan(20)}/media`
    const { body } = await stage.ask(path, { method: 'POST', body: { url } })
    const { id } = Object(body)
    const facts = { kind: 'nutrition', language: 'es', revision: 12, sizePixels: 400 }
    expect(await stage.get(`/media/${id}`)).toEqual({
      id,
      productCode: sampleEan(20),
      url,
      format: 'jpg',
      ...facts,
    })
    expect(await stage.get(path)).toEqual({ media: [body] })
    await stage.ask(`/media/${id}`, { method: 'DELETE' })
    expect(await stage.get(path)).toEqual({ media: [] })
    expect(await stage.refusal(`/media/${id}`)).toMatchObject({ code: 'media_not_found' })
  })

  test('of one product are bounded', async () => {
    await stage.save(22)
    const path = `/products/${sampleEan(22)}/media`
    const add = (place: number) => {
      const body = { url: `https://images.example/1/front_es.${place}.400.jpg` }
      return stage.ask(path, { method: 'POST', body })
    }
    for (let place = 1; place <= mediaPerProductMax; place += 1) await add(place)
    const late = await add(mediaPerProductMax + 1).catch((error: unknown) => error)
    expect(late).toMatchObject({ status: 409, code: 'too_many_pictures' })
    expect(Object(await stage.get(path)).media).toHaveLength(mediaPerProductMax)
  })

  test('go with their product', async () => {
    await stage.save(21)
    const path = `/products/${sampleEan(21)}/media`
    const { body } = await stage.ask(path, { method: 'POST', body: { url } })
    await stage.get(`/media/${Object(body).id}`)
    await stage.ask(`/products/${sampleEan(21)}`, { method: 'DELETE' })
    expect(await stage.refusal(`/media/${Object(body).id}`)).toMatchObject({ status: 404 })
    expect(await stage.get(path)).toEqual({ media: [] })
  })
})

describe('code2asin', () => {
  test('a batch answers what is known and names what is not', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => sampleRow(100 + index))
    await stage.importRows(rows)
    const eans = rows.map((row) => Object(row).code)
    const { body } = await stage.ask('/code2asin/batch', { method: 'POST', body: { eans } })
    const { mappings, missing } = Object(body)
    expect(mappings.length + missing.length).toBe(60)
    expect(missing.length).toBeGreaterThan(0)
    expect(mappings[0]).toMatchObject({ origin: 'synthetic' })
    expect(await stage.get(`/code2asin/${mappings[0].ean}`)).toEqual(mappings[0])
  })

  test('an unknown EAN is remembered as such until somebody enters it', async () => {
    const path = `/code2asin/${sampleEan(200)}`
    const { cache } = stage.products.services
    expect(await stage.refusal(path)).toMatchObject({ code: 'mapping_not_found' })
    await cache.settled()
    const known = await cache.mapping.lookup(sampleEan(200))
    expect(known).toMatchObject({ from: 'memory', value: undefined })
    await stage.ask(path, { method: 'PUT', body: { asins: ['B000000001'] } })
    expect(await stage.get(path)).toMatchObject({ asins: ['B000000001'], origin: 'manual' })
    await stage.ask(path, { method: 'PUT', body: { asins: [] } })
    expect(await stage.refusal(path)).toMatchObject({ status: 404 })
  })
})

test('the dashboard is what the database counts, and the report has a row for today', async () => {
  const dashboard = Object(await stage.get('/analytics/dashboard'))
  expect(dashboard.products).toBe(Object(await stage.get('/products/count')).products)
  expect(dashboard.nutritionGrades.map((one: { name: string }) => one.name)).toContain('a')
  expect(dashboard.means.sugarsG).toBeGreaterThan(0)
  expect(dashboard.imports).toMatchObject({ queued: 0, running: 0, failed: 0 })
  const { days } = Object(await stage.get('/analytics/daily-report'))
  expect(days).toHaveLength(14)
  expect(days[0]).toMatchObject({ day: new Date().toISOString().slice(0, 10) })
  expect(days[0].rowsImported).toBeGreaterThan(1_440)
})

describe('the daily report', () => {
  const loads = () => stage.products.services.cache.stats().families.dailyReport?.loads ?? 0
  const report = async () => Object(await stage.get('/analytics/daily-report')).days

  /** Our clock shows tomorrow. */
  async function tomorrow(run: () => Promise<void>): Promise<void> {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_400_000 })
    try {
      await run()
    } finally {
      vi.useRealTimers()
    }
  }

  test('begins a new day with the first who reads it', async () => {
    const { cache, database } = stage.products.services
    await stage.relayed()
    await report()
    await cache.settled()
    const loaded = loads()
    const rows = [{ day: 'a day that the report lacks' }]
    const asked = vi.spyOn(database, 'execute').mockResolvedValueOnce({ rows } as never)
    await tomorrow(report)
    asked.mockRestore()
    expect(loads()).toBe(loaded + 1)
  })

  test('is not loaded for each reader where our clock is not that of the database', async () => {
    await stage.relayed()
    const days = await report()
    await stage.products.services.cache.settled()
    const loaded = loads()
    await tomorrow(async () => {
      expect(await report()).toEqual(days)
      expect(await report()).toEqual(days)
    })
    expect(loads()).toBe(loaded)
  })
})

test('an administrator sets the usual length of a page', async () => {
  const headers = { authorization }
  expect(await stage.refusal('/settings', { method: 'PUT', body: { pageSize: 3 } })).toMatchObject({
    status: 401,
  })
  await stage.ask('/settings', { method: 'PUT', body: { pageSize: 3 }, headers })
  expect(await stage.names('/products')).toHaveLength(3)
  await stage.ask('/settings', { method: 'PUT', body: { pageSize: 20 }, headers })
  expect(await stage.get('/settings')).toEqual({ pageSize: 20 })
})

test('the home page names the routes, the licence and what is made up', async () => {
  expect(await stage.get('/')).toMatchObject({
    service: 'products',
    links: { dashboard: '/analytics/dashboard' },
    attribution: {
      products: expect.stringMatching('Open Database License'),
      code2asin: expect.stringMatching(/^Synthetic/),
    },
  })
  const attributed = await readFile(new URL('../data/ATTRIBUTION.md', import.meta.url), 'utf8')
  expect(attributed).toMatch('Open Food Facts')
})
