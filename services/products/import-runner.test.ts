import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openProductsStage, type ProductsStage } from '../../test/products/products-stage.ts'
import { sampleEan, sampleRow } from '../../test/products/sample-rows.ts'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { importJobSchema } from './import-job.ts'
import { openProducts } from './server.ts'

const rows = Array.from({ length: 600 }, (_, index) => sampleRow(index))
const input = rows.map((row) => JSON.stringify(row)).join('\n')

let stage: ProductsStage
let databaseUrl: string
let beforeCommit: (write: string) => Promise<void>

beforeEach(async () => {
  beforeCommit = async () => undefined
  const server = await startPostgres()
  databaseUrl = server.url
  const hooks = { beforeCommit: (write: string) => beforeCommit(write) }
  stage = await openProductsStage(server, { hooks })
})
afterEach(() => stage.close())

/** A job as a process leaves it that was killed after so many of its 600 rows. */
async function abandonedJob({ attempts = 1, done = 250 } = {}): Promise<string> {
  const { database } = stage.products.services
  const id = crypto.randomUUID()
  await database.execute(sql`
    insert into products.import_jobs (id, source, input, state, rows_total, rows_done, created,
      attempts, claim, claimed_until, queued_at)
    values (${id}, 'upload', ${input}, 'running', 600, ${done}, ${done}, ${attempts}, 'somebody',
      now() - interval '1 second', now())`)
  return id
}

test('a job whose process was killed is gone on with where it was', async () => {
  const id = await abandonedJob()
  // Any order wakes the runner, which then looks for what waits.
  await stage.importRows([sampleRow(1_000)])
  const job = await stage.ended(id)
  expect(job).toMatchObject({ state: 'done', attempts: 2 })
  expect(job.rows).toMatchObject({ total: 600, done: 600, created: 600 })
  const { body } = await stage.ask('/products/count')
  expect(body).toEqual({ products: 350 + 1 })
})

test('what its last part had committed and not told is told before going on', async () => {
  const { cache, database } = stage.products.services
  expect(await cache.product.get(sampleEan(7))).toBeUndefined()
  // Its triggers go with it: whoever tells the cache now is the runner.
  await database.execute(sql`drop schema products_outbox cascade`)
  await database.execute(sql`
    insert into products.products (code, name, brands, categories, created_at, modified_at)
    values (${sampleEan(7)}, 'Committed', '[]', '[]', now(), now())`)
  await cache.settled()
  const id = await abandonedJob({ done: 600 })
  // Nothing else is imported, which would tell the cache of all products: the runner looks itself.
  await stage.ended(id)
  expect(await cache.product.get(sampleEan(7))).toMatchObject({ name: 'Committed' })
})

test('a job that nobody can end fails, and says so', async () => {
  const id = await abandonedJob({ attempts: 3 })
  await stage.importRows([sampleRow(1_000)])
  expect(await stage.ended(id)).toMatchObject({
    state: 'failed',
    failure: 'it was begun 3 times and never came to its end',
  })
})

test('a service that closes gives its job back, and another one ends it', async () => {
  let parts = 0
  let closed: Promise<void> | undefined
  const first = await openProducts({
    databaseUrl,
    hooks: {
      beforeCommit: async (write) => {
        if (write !== 'products_imported') return
        parts += 1
        closed ??= first.close()
      },
    },
  })
  const answer = await fetch(`${first.url}/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: input,
  })
  const { id } = importJobSchema.parse(await answer.json())
  await eventually('it closes', () => closed !== undefined)
  await closed
  await stage.importRows([sampleRow(1_000)])
  const job = await stage.ended(id)
  expect(job).toMatchObject({ state: 'done', attempts: 1, rows: { done: 600, created: 600 } })
  expect(parts).toBeLessThan(3)
})

test('a process that was away too long changes nothing of a job that another has', async () => {
  const { database } = stage.products.services
  const id = await abandonedJob()
  let taken: Promise<unknown> | undefined
  beforeCommit = async (write) => {
    if (write !== 'products_imported') return
    // It waits for the row, which the part under way has locked, and comes before the next part.
    const statement = sql`update products.import_jobs
      set claim = 'another', claimed_until = now() + interval '1 hour' where id = ${id}`
    taken ??= database.execute(statement).then(() => undefined)
  }
  await stage.importRows([sampleRow(1_000)])
  await taken
  await stage.importRows([sampleRow(1_001)])
  const { rows: jobs } = await database.execute(sql`
    select state, claim, rows_done from products.import_jobs where id = ${id}`)
  expect(jobs).toEqual([{ state: 'running', claim: 'another', rows_done: 500 }])
  const { body } = await stage.ask('/products/count')
  expect(body).toEqual({ products: 250 + 2 })
})
