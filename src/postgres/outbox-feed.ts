/**
 * Changes from the outbox. A batch is one transaction: rows are deleted and returned by one
 * statement, what they mean is invalidated, and only then it commits. So nothing that was not
 * read is ever removed, although transactions commit in another order than their ids; and
 * whoever dies on the way leaves the rows to the next one.
 *
 * What a DELETE returns has been committed and is visible to every later read: a source that
 * is asked after the invalidation sees the change.
 */
import { deepEqual } from '../core/deep-equal.ts'
import { StaleproofError } from '../core/errors.ts'
import { type Fields, isFields } from '../core/option-checks.ts'
import type { Change } from './change.ts'
import type { RowText } from './columns.ts'
import type { Feed, RoundSteps } from './feed.ts'
import { RELAY_SETTING, signatureOf } from './outbox-ddl.ts'
import { literal, quoted } from './quoting.ts'
import type { RelayLag } from './relay-status.ts'
import type { Session } from './session.ts'
import { inTransaction, rowsOf, type SqlClient } from './sql-client.ts'
import type { TableMap } from './table-map.ts'

const batchRows = 500
/** Removed at once where only the tables count; more waits for the next round. */
const collapsedRowsMax = 100_000
const UNDEFINED_TABLE = '42P01'

export interface OutboxFeedOptions {
  readonly schema: string
  readonly rowsMax: number
  readonly map: TableMap
}

export class OutboxFeed implements Feed {
  readonly lockName: string
  readonly #options: OutboxFeedOptions
  /** The schema as SQL. */
  readonly #at: string

  constructor(options: OutboxFeedOptions) {
    this.#options = options
    this.#at = quoted(options.schema)
    this.lockName = `${options.schema}/outbox`
  }

  async check(client: SqlClient): Promise<void> {
    const tables = await this.#installed(client)
    const wanted = signatureOf(this.#options.map)
    const missing = Object.keys(wanted).find((name) => !deepEqual(tables[name], wanted[name]))
    if (missing !== undefined) throw notInstalled(`the outbox does not record '${missing}'`)
  }

  async open(session: Session): Promise<void> {
    await session.query(`select set_config('${RELAY_SETTING}', 'on', false)`)
    await session.query(`listen ${this.#at}`)
    await this.#findPlace(session)
  }

  async round(session: Session, steps: RoundSteps): Promise<boolean> {
    await session.demandLock(this.lockName)
    const lag = await this.#lag(session)
    steps.measured(lag)
    if (lag.rows === 0) return false
    const isTooMany = lag.rows > this.#options.rowsMax
    await inTransaction(session, async () => {
      const rows = await rowsOf(session, isTooMany ? this.#collapsed() : this.#batch())
      await steps.deliver(rows.map(changeOf))
    })
    return isTooMany || lag.rows > batchRows
  }

  /** Tables and columns that triggers write. */
  async #installed(client: SqlClient): Promise<Fields> {
    try {
      const [row] = await rowsOf(client, `select tables from ${this.#at}.installation`)
      if (isFields(row?.tables) && isFields(row.tables.tables)) return row.tables.tables
    } catch (cause) {
      if (!isFields(cause) || cause.code !== UNDEFINED_TABLE) throw cause
    }
    throw notInstalled(`there is no outbox in the schema '${this.#options.schema}'`)
  }

  /**
   * Another table, database or history of the server than the last relay worked on: a dump
   * was restored, or a standby took over. What happened in between may be missing.
   */
  async #findPlace(session: Session): Promise<void> {
    const outbox = literal(`${this.#at}.outbox`)
    await session.query(`
      with here as (
        select concat_ws('/', (select oid from pg_database where datname = current_database()),
          ${outbox}::regclass::oid, left(pg_walfile_name(pg_current_wal_lsn()), 8)) as place
      ), moved as (
        update ${this.#at}.installation i set place = here.place from here
        where i.place is distinct from here.place returning 1
      ) insert into ${this.#at}.outbox (operation) select 'LOST' from moved`)
  }

  async #lag(session: Session): Promise<Extract<RelayLag, { kind: 'rows' }>> {
    const [row] = await rowsOf(
      session,
      `select count(*)::int as rows, coalesce(
          extract(epoch from clock_timestamp() - min(created_at)) * 1000, 0)::float8 as age_ms
        from (select created_at from ${this.#at}.outbox order by id limit $1) waiting`,
      [this.#options.rowsMax + 1],
    )
    return { kind: 'rows', rows: Number(row?.rows), oldestAgeMs: Number(row?.age_ms) }
  }

  #taken(count: number): string {
    return `with taken as (
      delete from ${this.#at}.outbox
      where id in (select id from ${this.#at}.outbox order by id limit ${count})
      returning id, relation, old_row, new_row)`
  }

  #batch(): string {
    return `${this.#taken(batchRows)} select relation, old_row, new_row from taken order by id`
  }

  #collapsed(): string {
    return `${this.#taken(collapsedRowsMax)} select distinct relation from taken`
  }
}

function changeOf({ relation, old_row, new_row }: Fields): Change {
  if (typeof relation !== 'string') return { kind: 'everything' }
  const rows = [old_row, new_row].filter(isRowText)
  if (rows.length === 0) return { kind: 'table', table: relation }
  return { kind: 'row', table: relation, rows }
}

function isRowText(value: unknown): value is RowText {
  if (!isFields(value)) return false
  return Object.values(value).every((text) => text === null || typeof text === 'string')
}

function notInstalled(what: string): StaleproofError {
  return new StaleproofError('SP_OUTBOX_MISSING', `This relay cannot work: ${what}`, {
    expected: 'installOutbox to have run with the same mapping',
  })
}
