/**
 * Installs the outbox and takes it away. Both are one transaction and may be repeated. A
 * mapping that has changed replaces what was installed; then, and at first, the outbox says
 * that changes may have been lost, because nobody recorded them until now.
 */
import { deepEqual } from '../core/deep-equal.ts'
import { booleanIn, fieldsOf, invalid } from '../core/option-checks.ts'
import { schemaStatements, signatureOf, tableStatements } from './outbox-ddl.ts'
import { literal, quoted } from './quoting.ts'
import { schemaIn } from './relay-options.ts'
import { inTransaction, rowsOf, type SqlClient } from './sql-client.ts'
import { findTables } from './table-check.ts'
import type { TableMap } from './table-map.ts'

export interface OutboxOptions {
  /** Where the outbox lies. Default `staleproof`. */
  readonly schema?: string
  /**
   * False: commits don't wake the relay, which then finds changes by its poll. The server
   * queues notifying commits one behind the other. Default true.
   */
  readonly notify?: boolean
}

/**
 * Makes the outbox and the triggers that fill it. Takes one connection, not a pool, of the
 * owner of the tables. Throws `SP_TABLE_UNKNOWN`, `SP_OPTION_INVALID` or `SP_OPTION_UNKNOWN`.
 */
export async function installOutbox(
  client: SqlClient,
  map: TableMap,
  options: OutboxOptions = {},
): Promise<void> {
  const fields = fieldsOf('installOutbox', options, ['schema', 'notify'])
  const schema = schemaIn('installOutbox', fields)
  const notify = booleanIn('installOutbox', fields, 'notify') ?? true
  refusePool('installOutbox', client)
  const wanted = { notify, tables: signatureOf(map) }
  await inTransaction(client, async () => {
    await client.query(`select pg_advisory_xact_lock(hashtext(${literal(`${schema}/install`)}))`)
    await findTables(client, map)
    for (const statement of schemaStatements(schema)) await client.query(statement)
    if (deepEqual(await installed(client, schema, map), wanted)) return
    await dropFunctions(client, schema)
    for (const [index, rule] of [...map.tables.values()].entries()) {
      const names = { schema, notify, functionName: `changed_${index}` }
      for (const statement of tableStatements(rule, names)) await client.query(statement)
    }
    await record(client, schema, wanted)
  })
}

/** Takes triggers and outbox away, with what is in it. */
export async function uninstallOutbox(
  client: SqlClient,
  options: Pick<OutboxOptions, 'schema'> = {},
): Promise<void> {
  const schema = schemaIn('uninstallOutbox', fieldsOf('uninstallOutbox', options, ['schema']))
  refusePool('uninstallOutbox', client)
  await inTransaction(client, async () => {
    await dropFunctions(client, schema)
    await client.query(`drop table if exists ${quoted(schema)}.outbox`)
    await client.query(`drop table if exists ${quoted(schema)}.installation`)
    await client.query(`drop function if exists ${quoted(schema)}.outbox_removed()`)
    // The schema may hold things of others; then it stays.
    const [row] = await rowsOf(
      client,
      `select exists (select from pg_class where relnamespace = n.oid) as is_used
        from pg_namespace n where nspname = $1`,
      [schema],
    )
    if (row?.is_used === false) await client.query(`drop schema ${quoted(schema)}`)
  })
}

/** What is recorded, if the triggers still stand as it says. */
async function installed(client: SqlClient, schema: string, map: TableMap): Promise<unknown> {
  const [row] = await rowsOf(client, `select tables from ${quoted(schema)}.installation`)
  const [count] = await rowsOf(
    client,
    `select count(*)::int as triggers from pg_trigger t join pg_proc p on p.oid = t.tgfoid
      join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = $1 and p.proname like 'changed\\_%' and t.tgenabled = 'A'
        and t.tgparentid = 0`,
    [schema],
  )
  return count?.triggers === map.tables.size * 2 ? row?.tables : undefined
}

/** With them go their triggers, wherever they are. */
async function dropFunctions(client: SqlClient, schema: string): Promise<void> {
  const functions = await rowsOf(
    client,
    `select p.proname::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = $1 and p.proname like 'changed\\_%'`,
    [schema],
  )
  for (const { name } of functions) {
    await client.query(`drop function ${quoted(schema)}.${quoted(String(name))}() cascade`)
  }
}

async function record(client: SqlClient, schema: string, wanted: object): Promise<void> {
  const at = quoted(schema)
  await client.query(
    `insert into ${at}.installation (tables) values ($1::jsonb)
      on conflict (is_only) do update set tables = excluded.tables`,
    [JSON.stringify(wanted)],
  )
  await client.query(`insert into ${at}.outbox (operation) values ('LOST')`)
}

/** Statements of a transaction sent to a pool run on several connections. */
function refusePool(where: string, client: object): void {
  if (!('totalCount' in client)) return
  throw invalid(where, 'client', 'one connection, such as await pool.connect()', client)
}
