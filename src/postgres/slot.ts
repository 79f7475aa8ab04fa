/**
 * Publication and slot: made, repaired, and their place kept. The comment on the publication
 * says for which database and history of the server all changes since the last relay are in
 * the slot; without it they may be missing, and the first round clears everything.
 */
import { StaleproofError } from '../core/errors.ts'
import { literal, quoted } from './quoting.ts'
import type { Session } from './session.ts'
import { rowsOf } from './sql-client.ts'
import type { FoundTable } from './table-check.ts'
import type { TableMap } from './table-map.ts'

/** Names and expressions, as SQL. */
export interface SlotNames {
  readonly publication: string
  readonly publicationSql: string
  /** Slots belong to the server, so their name has the number of the database. */
  readonly slotSql: string
  readonly placeSql: string
  readonly recordedSql: string
}

export function slotNames(schema: string): SlotNames {
  const database = '(select oid from pg_database where datname = current_database())'
  const publicationSql = literal(schema)
  return {
    publication: quoted(schema),
    publicationSql,
    slotSql: `${literal(`${schema}_`)} || ${database}`,
    placeSql: `concat_ws('/', ${database}, left(pg_walfile_name(pg_current_wal_lsn()), 8))`,
    recordedSql: `(select obj_description(oid, 'pg_publication') from pg_publication
      where pubname = ${publicationSql})`,
  }
}

/** A row that moved must say where it was. Throws `SP_REPLICATION_UNAVAILABLE`. */
export function demandOldColumns({ rule, oldColumns }: FoundTable): void {
  const missing = Object.keys(rule.columns).find((column) => !oldColumns.includes(column))
  if (missing === undefined) return
  const table = `${quoted(rule.schema)}.${quoted(rule.table)}`
  const message = `The log does not have the old '${missing}' of changed rows of '${rule.name}'`
  throw new StaleproofError('SP_REPLICATION_UNAVAILABLE', message, {
    expected: `alter table ${table} replica identity full`,
  })
}

/** Makes what is missing; for a slot that was not there before, the place is unknown. */
export async function openSlot(session: Session, names: SlotNames, map: TableMap): Promise<void> {
  // A slot can't read with a publication that is younger than itself.
  await publish(session, names, [...map.tables.keys()])
  const slot = `from pg_replication_slots where slot_name = ${names.slotSql}`
  const [found] = await rowsOf(session, `select wal_status <> 'lost' as is_whole ${slot}`)
  if (found?.is_whole === true) return
  await session.query(`comment on publication ${names.publication} is null`)
  await session.query(`select pg_drop_replication_slot(slot_name) ${slot}`)
  await session.query(
    `select pg_create_logical_replication_slot((${names.slotSql})::name, 'pgoutput')`,
  )
}

async function publish(
  session: Session,
  { publication, publicationSql }: SlotNames,
  wanted: readonly string[],
): Promise<void> {
  const [found] = await rowsOf(
    session,
    `select array(select schemaname || '.' || tablename from pg_publication_tables
      where pubname = p.pubname) as tables from pg_publication p where pubname = ${publicationSql}`,
  )
  const tables = wanted.map(qualified).join(', ')
  if (found === undefined) {
    const options = 'with (publish_via_partition_root = true)'
    await session.query(`create publication ${publication} for table ${tables} ${options}`)
    return
  }
  const published = Array.isArray(found.tables) ? found.tables.map(String).sort() : []
  if (String(published) === String([...wanted].sort())) return
  // What a new table went through until now is in no slot.
  await session.query(`comment on publication ${publication} is null`)
  await session.query(`alter publication ${publication} set table ${tables}`)
}

function qualified(name: string): string {
  const dot = name.indexOf('.')
  return `${quoted(name.slice(0, dot))}.${quoted(name.slice(dot + 1))}`
}
