/** What the routes and the importer work with. */
import type { Database, Transaction } from '../database/connection.ts'
import type { Transact } from '../database/transact.ts'
import type { ServiceLogger } from '../process/logger.ts'
import type { CacheService } from './cache-service.ts'
import type { ProductsCache, ProductsCatalog } from './catalog.ts'
import type { RowChange } from './changes.ts'
import { invalidateRows } from './invalidation.ts'
import type { Write } from './writes.ts'

export interface ProductsServices {
  readonly cache: ProductsCache
  readonly catalog: ProductsCatalog
  readonly caches: CacheService
  readonly database: Database
  readonly transact: Transact
  readonly log: ServiceLogger
}

export interface Committed<R> {
  readonly result: R
  /** What was written; empty where nothing was. */
  readonly rows: readonly RowChange[]
}

/** A write of single rows from its transaction to its invalidation, in this order. */
export async function commitRows<R>(
  services: ProductsServices,
  { reason, tables }: Write,
  run: (transaction: Transaction) => Promise<Committed<R>>,
): Promise<{ readonly result: R; readonly token: string | undefined }> {
  const { result, rows } = await services.transact(reason, async (transaction) => {
    const committed = await run(transaction)
    const other = committed.rows.find(({ table }) => !tables.includes(table))
    if (other === undefined) return committed
    throw new RangeError(`${reason}: expected rows of ${tables.join(', ')}, got ${other.table}`)
  })
  if (rows.length === 0) return { result, token: undefined }
  return { result, token: await invalidateRows(services, reason, rows) }
}
