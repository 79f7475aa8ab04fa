/**
 * The log of the server has a commit before anybody sees it. While a commit waits for a standby
 * that does not answer, the relay must not invalidate: a source would load the old value.
 */
import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startRelay } from 'staleproof/postgres'
import { afterEach, expect, it } from 'vitest'
import {
  type PostgresServer,
  startPostgresServer,
} from '../../services/launcher/postgres-server.ts'
import { RunRecord, temporaryPrefix } from '../../services/launcher/run-record.ts'
import { eventually } from '../servers/eventually.ts'
import { runFolder } from '../servers/run-folder.ts'
import { heard } from './bench.ts'
import { createTables, tables } from './catalog.ts'
import { Recorder } from './recorder.ts'

const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function startServer(): Promise<PostgresServer> {
  const record = new RunRecord(runFolder)
  const folder = mkdtempSync(join(tmpdir(), `${temporaryPrefix}postgres-`))
  chmodSync(folder, 0o755)
  record.addFolder(folder)
  closers.push(async () => record.close())
  const settings = ['fsync=off', 'synchronous_standby_names=nobody', 'synchronous_commit=local']
  const quiet = { onLine: () => {}, onNote: () => {} }
  const options = { folder, recordFolder: runFolder, record, settings, ...quiet }
  const server = await startPostgresServer(options)
  closers.push(() => server.stop())
  return server
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  closers.push(() => client.end())
  return client
}

/** Reads the database when it is told, as the source of a reader would. */
class ReadingRecorder extends Recorder {
  readonly seen: number[] = []
  readonly #sql: pg.Client

  constructor(sql: pg.Client) {
    super()
    this.#sql = sql
  }

  override async invalidateTag(tags: string | readonly string[]) {
    const { rows } = await this.#sql.query('select count(*)::int as n from positions')
    this.seen.push(Number(rows[0]?.n))
    return super.invalidateTag(tags)
  }
}

it('a relay by replication invalidates only what every reader can see', async () => {
  const { url } = await startServer()
  const [sql, writer] = [await connect(url), await connect(url)]
  await sql.query(`${createTables} alter table positions replica identity full`)
  const cache = new ReadingRecorder(await connect(url))
  const relay = await startRelay(cache, tables, { connection: url, via: 'replication' })
  closers.push(() => relay.close())
  await heard(cache, ['everything'])
  cache.take()

  await writer.query('set synchronous_commit = on')
  const insert = writer.query('insert into positions (user_id) values (1)')
  await eventually('the relay to have read it from the log', async () => {
    const { rows } = await sql.query(`select 1 from pg_stat_activity
      where application_name = 'staleproof-relay' and query like '%transactionid = any%'`)
    return rows.length > 0 || cache.said.length > 0
  })
  expect(cache.said).toEqual([])
  await sql.query(
    `select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`,
  )
  await insert
  await eventually('the relay to say it', () => cache.said.includes('tag user:1'))
  expect(cache.seen).toEqual([1])
})
