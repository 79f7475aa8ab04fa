/**
 * Changes from the log of the server, by a publication and a slot. They are peeked over plain
 * SQL, and the slot is moved on only when what they mean has been invalidated. Streaming would
 * save the poll, and cost a second protocol with acknowledgements of its own.
 *
 * The log has a transaction before others can see it: until its commit has left the list of
 * running ones (with synchronous replication that takes a while), a source would still read
 * the old value. So a round waits until no such transaction holds the lock on its own id.
 */
import type { Clock } from '../core/contracts/clock.ts'
import { StaleproofError } from '../core/errors.ts'
import type { Change } from './change.ts'
import type { Feed, RoundSteps } from './feed.ts'
import { PgoutputDecoder } from './pgoutput.ts'
import { literal } from './quoting.ts'
import type { Session } from './session.ts'
import { demandOldColumns, openSlot, type SlotNames, slotNames } from './slot.ts'
import { rowsOf, type SqlClient } from './sql-client.ts'
import { findTables } from './table-check.ts'
import type { TableMap } from './table-map.ts'

/** A peek ends with the first transaction that makes it longer than this. */
const peekChanges = 500
/** Looking for running transactions again. */
const runningPauseMs = 10
const runningLooksMax = 500

export interface SlotFeedOptions {
  readonly schema: string
  readonly rowsMax: number
  readonly map: TableMap
  readonly clock: Clock
}

interface Peeked {
  readonly changes: readonly Change[]
  readonly transactionIds: ReadonlySet<string>
  /** What lies before has been read. */
  readonly endLsn: string
  readonly hasMore: boolean
}

export class SlotFeed implements Feed {
  readonly lockName: string
  readonly #options: SlotFeedOptions
  readonly #names: SlotNames
  /** Everything before it has been delivered. */
  #doneLsn: string | undefined

  constructor(options: SlotFeedOptions) {
    this.#options = options
    this.#names = slotNames(options.schema)
    this.lockName = `${options.schema}/replication`
  }

  async check(client: SqlClient): Promise<void> {
    const [row] = await rowsOf(client, `select current_setting('wal_level') as level`)
    if (row?.level !== 'logical') {
      throw new StaleproofError('SP_REPLICATION_UNAVAILABLE', 'The server writes too little', {
        expected: "the setting wal_level = 'logical', and a restart of the server",
        received: `wal_level = '${row?.level}'`,
      })
    }
    for (const table of await findTables(client, this.#options.map)) demandOldColumns(table)
  }

  async open(session: Session): Promise<void> {
    this.#doneLsn = undefined
    await openSlot(session, this.#names, this.#options.map)
  }

  async round(session: Session, steps: RoundSteps): Promise<boolean> {
    await session.demandLock(this.lockName)
    const { flushLsn, bytes, isKnown } = await this.#look(session)
    steps.measured({ kind: 'bytes', bytes })
    if (!isKnown) {
      await steps.deliver([{ kind: 'everything' }])
      await this.#recordPlace(session)
      return true
    }
    if (flushLsn === this.#doneLsn) return false
    const peeked = await this.#peek(session, flushLsn)
    await this.#waitUntilVisible(session, peeked.transactionIds)
    if (peeked.changes.length > 0) await steps.deliver(peeked.changes)
    await session.query(`select pg_replication_slot_advance(${this.#names.slotSql}, $1::pg_lsn)`, [
      peeked.endLsn,
    ])
    this.#doneLsn = peeked.endLsn
    return peeked.hasMore
  }

  /** How far the log is on disk, and whether the slot has all of it since the last relay. */
  async #look(
    session: Session,
  ): Promise<{ readonly flushLsn: string; readonly bytes: number; readonly isKnown: boolean }> {
    const { slotSql, placeSql, recordedSql } = this.#names
    const [row] = await rowsOf(
      session,
      `select pg_current_wal_flush_lsn()::text as lsn, ${placeSql} = ${recordedSql} as is_known,
        (pg_current_wal_flush_lsn() - confirmed_flush_lsn)::float8 as bytes
        from pg_replication_slots where slot_name = ${slotSql} and wal_status <> 'lost'`,
    )
    // The next election makes a new one.
    if (row === undefined) throw new Error('the replication slot is gone or has lost its log')
    const bytes = Math.max(0, Number(row.bytes))
    return { flushLsn: String(row.lsn), bytes, isKnown: row.is_known === true }
  }

  async #recordPlace(session: Session): Promise<void> {
    const [row] = await rowsOf(session, `select ${this.#names.placeSql} as place`)
    const comment = literal(String(row?.place))
    await session.query(`comment on publication ${this.#names.publication} is ${comment}`)
  }

  /**
   * A transaction may be of any size: of a large one the first rows are fetched, and of the
   * rest only where it ends and the descriptions of its tables, which are cleared instead.
   */
  async #peek(session: Session, flushLsn: string): Promise<Peeked> {
    const { slotSql, publicationSql } = this.#names
    const { rowsMax } = this.#options
    const rows = await rowsOf(
      session,
      `select data, total from (
        select data, row_number() over () as position, (count(*) over ())::int as total
        from pg_logical_slot_peek_binary_changes(${slotSql}, $1::pg_lsn, ${peekChanges},
          'proto_version', '1', 'publication_names', ${publicationSql})
      ) changes where position <= $2 or get_byte(data, 0) in (66, 67, 82) order by position`,
      [flushLsn, rowsMax],
    )
    const decoder = new PgoutputDecoder()
    for (const { data } of rows) if (Buffer.isBuffer(data)) decoder.read(data)
    const total = Number(rows[0]?.total ?? 0)
    const tables = decoder.tables.map((table) => ({ kind: 'table', table }) as const)
    const hasMore = total >= peekChanges && decoder.endLsn !== undefined
    return {
      changes: total > rowsMax ? tables : decoder.changes,
      transactionIds: decoder.transactionIds,
      endLsn: hasMore && decoder.endLsn !== undefined ? decoder.endLsn : flushLsn,
      hasMore,
    }
  }

  async #waitUntilVisible(session: Session, ids: ReadonlySet<string>): Promise<void> {
    if (ids.size === 0) return
    for (let look = 0; look < runningLooksMax; look += 1) {
      const running = await rowsOf(
        session,
        `select 1 from pg_locks where locktype = 'transactionid' and granted
          and mode = 'ExclusiveLock' and transactionid = any ($1::text[]::xid[]) limit 1`,
        [[...ids]],
      )
      if (running.length === 0) return
      const { clock } = this.#options
      await new Promise<void>((resolve) => clock.timer(runningPauseMs, resolve))
    }
    throw new Error('a transaction in the log is not visible yet')
  }
}
