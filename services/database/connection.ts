/** The way of one process to PostgreSQL: a pool, and the query builder on top of it. */
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import type { Closing } from '../process/closing.ts'
import type { ServiceLogger } from '../process/logger.ts'
import type { DatabaseBounds } from './bounds.ts'
import { DatabasePool } from './pool.ts'
import * as schema from './schema.ts'

export type Database = NodePgDatabase<typeof schema> & { readonly $client: DatabasePool }
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]
/** What a query needs; both of the above have it. */
export type Queryable = Database | Transaction

export interface DatabaseOptions {
  readonly databaseUrl: string
  /** Most connections of this process; the documents have 3 + 5. */
  readonly poolMax?: number | undefined
  /** How long the database may take. */
  readonly bounds?: DatabaseBounds | undefined
  readonly log: ServiceLogger
  /** Where the pool is closed again. */
  readonly closing: Closing
}

export const poolMaxDefault = 8

/** Opens no connection yet: the first query does. */
export function openDatabase(options: DatabaseOptions): Database {
  const { databaseUrl, poolMax = poolMaxDefault, bounds, log, closing } = options
  const pool = new DatabasePool({ databaseUrl, size: poolMax, bounds })
  // A connection that breaks while nobody uses it is replaced by the pool.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection broke'))
  closing.add(() => pool.end())
  return drizzle(pool, { schema, logger: { logQuery: (statement) => pool.countQuery(statement) } })
}
