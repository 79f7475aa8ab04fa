/** What is needed of a connection; a connected `pg.Client` or a client of a pool is one. */
import { type Fields, isFields } from '../core/option-checks.ts'

export interface SqlClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }>
}

/** Rows as plain fields. */
export async function rowsOf(
  client: SqlClient,
  text: string,
  values: unknown[] = [],
): Promise<readonly Fields[]> {
  const { rows } = await client.query(text, values)
  return rows.filter(isFields)
}

/** Either all of `work` is done or nothing. */
export async function inTransaction<T>(client: SqlClient, work: () => Promise<T>): Promise<T> {
  await client.query('begin')
  try {
    const result = await work()
    await client.query('commit')
    return result
  } catch (error) {
    // A connection that is gone has rolled back already; the first error says why.
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}
