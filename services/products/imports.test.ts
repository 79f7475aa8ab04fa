import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openProductsStage, type ProductsStage } from '../../test/products/products-stage.ts'
import { sampleEan, sampleRow } from '../../test/products/sample-rows.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { importsWaitingMax } from './repositories/imports.ts'

let stage: ProductsStage

beforeAll(async () => {
  stage = await openProductsStage(await startPostgres())
})
afterAll(() => stage.close())

test('the sample is imported, and repeating it changes nothing', async () => {
  const first = await stage.importSample()
  expect(first).toMatchObject({ source: 'sample', state: 'done', attempts: 1 })
  const { total, done, created, updated, unchanged, rejected } = first.rows
  expect({ total, done, updated }).toEqual({ total: 1_470, done: 1_470, updated: 0 })
  expect(created + unchanged + rejected).toBe(1_470)
  expect(created).toBeGreaterThan(1_440)
  expect(first.errors).toHaveLength(rejected)
  expect(first.errors.map(({ message }) => message).join()).toMatch(/code: expected 13 digits/)
  expect(await stage.get('/products/count')).toEqual({ products: created })

  const second = await stage.importSample()
  expect(second.rows).toMatchObject({ created: 0, updated: 0, unchanged: created + unchanged })
})

test('rows that can not be used are named, and the others are imported', async () => {
  const job = await stage.importRows([
    sampleRow(1),
    sampleRow(2, { code: '1234567890123' }),
    { anything: 'else' },
    sampleRow(3, { last_modified_t: 'yesterday' }),
  ])
  expect(job.rows).toMatchObject({ total: 4, created: 1, rejected: 3 })
  expect(job.errors.map(({ row }) => row)).toEqual([2, 3, 4])
})

test('a newer row replaces an older one, in whichever order they come', async () => {
  const older = sampleRow(4, { product_name: 'Older' })
  const newer = sampleRow(4, { product_name: 'Newer', last_modified_t: 1_600_000_000 })
  expect((await stage.importRows([newer, older])).rows).toMatchObject({ created: 1 })
  expect((await stage.importRows([older])).rows).toMatchObject({ unchanged: 1 })
  expect(await stage.get(`/products/${sampleEan(4)}`)).toMatchObject({ name: 'Newer' })
})

test('what somebody has entered here is not undone by an import', async () => {
  await stage.importRows([sampleRow(5)])
  await stage.save(5, { name: 'Entered' })
  expect((await stage.importRows([sampleRow(5)])).rows).toMatchObject({ unchanged: 1 })
  expect(await stage.get(`/products/${sampleEan(5)}`)).toMatchObject({ name: 'Entered' })
})

test('what somebody has entered here is newer than a row that comes from the future', async () => {
  const ahead = sampleRow(15, { last_modified_t: 4_102_444_800 })
  await stage.importRows([ahead])
  await stage.save(15, { name: 'Entered' })
  expect((await stage.importRows([ahead])).rows).toMatchObject({ unchanged: 1 })
  expect(await stage.get(`/products/${sampleEan(15)}`)).toMatchObject({ name: 'Entered' })
})

test('a file with NUL in it is refused', async () => {
  const { url } = stage.products
  const headers = { 'content-type': 'text/plain' }
  const sent = await fetch(`${url}/imports`, { method: 'POST', headers, body: 'a\0b' })
  expect(sent.status).toBe(400)
})

test('an import shows at once what was remembered as unknown', async () => {
  expect(await stage.refusal(`/products/${sampleEan(6)}`)).toMatchObject({
    code: 'product_not_found',
  })
  const list = '/products?search=brand new'
  const before = await stage.names(list)
  await stage.importRows([sampleRow(6, { product_name: 'Brand new' })])
  expect(await stage.get(`/products/${sampleEan(6)}`)).toMatchObject({ name: 'Brand new' })
  expect(await stage.names(list)).toEqual([...before, 'Brand new'])
})

test('one order with one idempotency key is one job', async () => {
  const order = () =>
    stage.ask('/imports', {
      method: 'POST',
      body: { source: 'sample' },
      headers: { 'idempotency-key': 'once' },
    })
  const [first, second] = [await order(), await order()]
  expect(Object(second.body).id).toBe(Object(first.body).id)
  await stage.ended(Object(first.body).id)
})

test('where too many wait, a new order is refused for now, and a known one is known', async () => {
  const { database } = stage.products.services
  const order = (key: string) =>
    fetch(`${stage.products.url}/imports`, {
      method: 'POST',
      body: JSON.stringify({ source: 'sample' }),
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
    })
  // Claimed for as long as the test takes: nobody works on them.
  await database.execute(sql`
    insert into products.import_jobs (id, idempotency_key, source, state, claimed_until)
    select gen_random_uuid(), 'full-' || number, 'sample', 'running', now() + interval '1 hour'
    from generate_series(1, ${importsWaitingMax}) as number`)
  try {
    const refused = await order('one-more')
    expect([refused.status, await refused.json()]).toMatchObject([
      429,
      { error: 'too_many_imports' },
    ])
    expect(refused.headers.get('retry-after')).toBe('5')
    const known = await order('full-7')
    expect([known.status, await known.json()]).toMatchObject([202, { state: 'running' }])
  } finally {
    await database.execute(sql`
      delete from products.import_jobs where idempotency_key like 'full-%'`)
  }
})

test('an upload that is too long is refused readably', async () => {
  const body = 'x\n'.repeat(10_001)
  const headers = { 'content-type': 'text/plain' }
  const answer = await fetch(`${stage.products.url}/imports`, { method: 'POST', headers, body })
  expect([answer.status, await answer.json()]).toMatchObject([413, { error: 'too_many_rows' }])
})

test('the statuses are listed, the latest first', async () => {
  const first = await stage.importRows([sampleRow(7)])
  const second = await stage.importRows([sampleRow(8)])
  const { imports, running } = Object(await stage.get('/imports'))
  expect([imports[0].id, imports[1].id]).toEqual([second.id, first.id])
  expect(running).toBe(null)
  const unknown = '/imports/00000000-0000-4000-8000-000000000000'
  expect(await stage.refusal(unknown)).toMatchObject({ code: 'import_not_found' })
})
