/** `/imports`: an order is answered at once, and worked on behind it. */
import { z } from 'zod'
import type { TypedServer } from '../../process/http-server.ts'
import { notFound, ServiceError } from '../../process/service-error.ts'
import { wellFormed } from '../../process/well-formed.ts'
import { importJobRow } from '../changes.ts'
import { importBytesMax, importRowsMax } from '../import-job.ts'
import { rowsOf } from '../import-row.ts'
import type { ImportRunner } from '../import-runner.ts'
import { readOptions, withToken } from '../read-options.ts'
import { orderImport } from '../repositories/imports.ts'
import { commitRows, type ProductsServices } from '../services.ts'
import { importOrdered } from '../writes.ts'

const uploadTypes = ['application/x-ndjson', 'application/jsonl', 'text/plain']
/** JSON Lines as text, or the wish for the sample. */
const body = z.union([wellFormed.min(1), z.object({ source: z.literal('sample') })])
const headers = z.object({ 'idempotency-key': wellFormed.min(1).max(100).optional() })
const importPath = z.object({ id: z.uuid() })

export function addImportRoutes(
  app: TypedServer,
  services: ProductsServices,
  runner: ImportRunner,
): void {
  const { cache, caches } = services
  const upload = { parseAs: 'string', bodyLimit: importBytesMax } as const
  app.removeContentTypeParser('text/plain')
  app.addContentTypeParser(uploadTypes, upload, (_request, text, done) => done(null, text))

  app.post('/imports', { schema: { body, headers } }, async (request, reply) => {
    const input = typeof request.body === 'string' ? request.body : null
    if (input !== null) refuseTooManyRows(input)
    const order = {
      source: input === null ? 'sample' : 'upload',
      input,
      idempotencyKey: request.headers['idempotency-key'] ?? null,
    } as const
    const { result, token } = await commitRows(services, importOrdered, async (transaction) => {
      const ordered = await orderImport(transaction, order)
      return { result: ordered, rows: ordered.isNew ? [importJobRow(ordered.job.id)] : [] }
    })
    runner.wake()
    return withToken(reply, token).code(202).send(result.job)
  })

  app.get('/imports', async (request) => {
    const imports = await cache.latestImports.get(readOptions(request))
    return { imports, running: (await caches.imports.get('runner')) ?? null }
  })

  app.get('/imports/:id', { schema: { params: importPath } }, async (request) => {
    const { id } = request.params
    const job = await cache.importStatus.get(id, readOptions(request))
    if (job === undefined) throw notFound('import', id)
    return job
  })
}

function refuseTooManyRows(input: string): void {
  const { length } = rowsOf(input)
  if (length <= importRowsMax) return
  const message = `expected at most ${importRowsMax} rows, got ${length}: send them in parts`
  throw new ServiceError(413, 'too_many_rows', message)
}
