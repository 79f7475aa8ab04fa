import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { ImportCalls } from '../../test/products/import-worker.ts'
import { openProductsStage } from '../../test/products/products-stage.ts'
import { sampleRow } from '../../test/products/sample-rows.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { spawnWorker } from '../../test/servers/processes.ts'
import { importJobSchema } from './import-job.ts'

const workerFile = new URL('../../test/products/import-worker.ts', import.meta.url)

test('an import whose process is killed within a part is ended by another', async () => {
  const server = await startPostgres()
  const worker = await spawnWorker<ImportCalls>(workerFile, { databaseUrl: server.url })
  await worker.call('stopWithinImport')
  await worker.kill()

  const stage = await openProductsStage(server)
  try {
    const { database } = stage.products.services
    // Its claim would be over by itself 30 s later.
    await database.execute(sql`update products.import_jobs set claimed_until = now()`)
    await stage.importRows([sampleRow(1)])
    const [, killed] = importJobSchema.array().parse(Object(await stage.get('/imports')).imports)
    const job = await stage.ended(killed?.id ?? '')
    expect(job).toMatchObject({ source: 'sample', state: 'done', attempts: 2 })
    const { total, created, unchanged, rejected } = job.rows
    expect(created + unchanged + rejected).toBe(total)
    expect(await stage.get('/products/count')).toEqual({ products: created + 1 })
  } finally {
    await stage.close()
  }
})
