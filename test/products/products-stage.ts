/** For tests: the service with a database of its own, and a client that asks as people do. */

import { Closing } from '../../services/process/closing.ts'
import {
  type HttpFault,
  type JsonAnswer,
  type JsonRequest,
  requestJson,
} from '../../services/process/http-client.ts'
import { type ImportJob, importJobSchema } from '../../services/products/import-job.ts'
import { type Product, productSchema } from '../../services/products/product.ts'
import {
  openProducts,
  type Products,
  type ProductsOptions,
} from '../../services/products/server.ts'
import { eventually } from '../servers/eventually.ts'
import { sampleEan, sampleProduct } from './sample-rows.ts'

/** Of the whole sample, on a machine that has much else to do. */
const importDeadlineMs = 50_000

export interface ProductsStage {
  readonly products: Products
  ask(path: string, request?: JsonRequest): Promise<JsonAnswer>
  /** The body of the answer. */
  get(path: string): Promise<unknown>
  /** Rejects where it is answered. */
  refusal(path: string, request?: JsonRequest): Promise<HttpFault>
  /** The products of a list, and their names. */
  listed(path: string): Promise<Product[]>
  names(path: string): Promise<string[]>
  /** Writes a product, which is a tea unless `changes` say otherwise. */
  save(number: number, changes?: Partial<Product>): Promise<Product>
  /** Uploads JSON Lines; resolves to the job when it has ended. */
  importRows(rows: readonly object[]): Promise<ImportJob>
  importSample(): Promise<ImportJob>
  ended(jobId: string): Promise<ImportJob>
  /** Resolves when the cache has been told of everything by the database too. */
  relayed(): Promise<void>
  close(): Promise<void>
}

/** An empty database that is dropped at the end. */
export interface StageDatabase {
  readonly url: string
  stop(): Promise<void>
}

export async function openProductsStage(
  server: StageDatabase,
  options: Omit<ProductsOptions, 'databaseUrl'> = {},
): Promise<ProductsStage> {
  const closing = new Closing()
  closing.add(() => server.stop())
  const products = await openProducts({ ...options, databaseUrl: server.url })
  closing.add(() => products.close())
  const stage = stageOf(products, () => closing.close())
  await stage.relayed()
  return stage
}

function stageOf(products: Products, close: () => Promise<void>): ProductsStage {
  const ask = (path: string, request?: JsonRequest) =>
    requestJson(`${products.url}${path}`, request)
  const ended = async (jobId: string) => {
    let job = importJobSchema.parse((await ask(`/imports/${jobId}`)).body)
    const isEnded = async () => {
      job = importJobSchema.parse((await ask(`/imports/${jobId}`)).body)
      return job.state === 'done' || job.state === 'failed'
    }
    await eventually(`the end of import ${jobId}`, isEnded, importDeadlineMs)
    return job
  }
  const get = async (path: string) => (await ask(path)).body
  const listed = async (path: string) =>
    productSchema.array().parse(Object(await get(path)).products)
  return {
    products,
    ask,
    get,
    listed,
    ended,
    names: async (path) => (await listed(path)).map(({ name }) => name),
    refusal: (path, request) =>
      ask(path, request).then(
        () => Promise.reject(new Error('expected a refusal, got an answer')),
        (fault: HttpFault) => fault,
      ),
    save: async (number, changes) => {
      const body = { ...sampleProduct(number), ...changes }
      const answer = await ask(`/products/${sampleEan(number)}`, { method: 'PUT', body })
      return productSchema.parse(answer.body)
    },
    importRows: async (rows) => {
      const body = rows.map((row) => JSON.stringify(row)).join('\n')
      const headers = { 'content-type': 'application/x-ndjson' }
      const answer = await fetch(`${products.url}/imports`, { method: 'POST', headers, body })
      return ended(importJobSchema.parse(await answer.json()).id)
    },
    importSample: async () => {
      const { body } = await ask('/imports', { method: 'POST', body: { source: 'sample' } })
      return ended(importJobSchema.parse(body).id)
    },
    relayed: () => eventually('the outbox is empty', () => isRelayed(products)),
    close,
  }
}

async function isRelayed(products: Products): Promise<boolean> {
  const { rows } = await products.services.database.execute<{ waits: boolean }>(
    'select exists (select from products_outbox.outbox) as waits',
  )
  return rows[0]?.waits === false
}
