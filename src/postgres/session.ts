/**
 * One connection to the database, whose session state lasts: locks, settings, LISTEN. It is
 * opened only if there is no transaction pooler in between.
 *
 * A pooler can't be asked, and state seems to last while nobody else uses the pool. But it
 * lends one server process to many clients, and a direct address never does. So a second
 * connection asks beside the first one who serves it: a process that serves both, or a
 * client whose process changes, is proof. The order of turns, with some of them doubled,
 * leaves no pool a pattern that looks direct, whether it lends the last or the next process.
 */
import type { Client } from 'pg'
import type { Clock } from '../core/contracts/clock.ts'
import { StaleproofError } from '../core/errors.ts'
import { type Fields, isFields } from '../core/option-checks.ts'
import { literal } from './quoting.ts'
import { rowsOf, type SqlClient } from './sql-client.ts'

/** No query of a relay takes longer, or the connection counts as lost. */
const queryDeadlineMs = 30_000
const connectDeadlineMs = 5_000
const endDeadlineMs = 1_000
const turns = ['own', 'other', 'other', 'own', 'own', 'other', 'own', 'other'] as const
/** What poolers answer to what they don't allow. */
const PROTOCOL_VIOLATION = '08P01'
/** Of our advisory locks; with the hash of a name the key. */
const lockClass = 21_328

export interface SessionOptions {
  readonly connection: string | object
  readonly clock: Clock
  /** Something arrived, or the connection is gone. */
  readonly onWake: () => void
}

export class Session implements SqlClient {
  readonly #client: Client
  readonly #clock: Clock

  private constructor(client: Client, clock: Clock) {
    this.#client = client
    this.#clock = clock
  }

  /** Throws `SP_POOLED_CONNECTION`, or what connecting throws. */
  static async open({ connection, clock, onWake }: SessionOptions): Promise<Session> {
    const client = await connect(connection, onWake)
    const session = new Session(client, clock)
    try {
      await refusePooler(client, { connection, clock })
      // A leader whose machine died must not keep the lock for the two hours of the default.
      await client.query('set tcp_keepalives_idle = 10')
      await client.query('set tcp_keepalives_interval = 5')
      await client.query('set tcp_keepalives_count = 3')
      await client.query(`set statement_timeout = ${queryDeadlineMs}`)
      client.on('notification', onWake)
      return session
    } catch (error) {
      await session.close()
      throw error
    }
  }

  async query(text: string, values: unknown[] = []): Promise<{ readonly rows: unknown[] }> {
    const { rows } = await this.#client.query<Fields>(text, values)
    return { rows }
  }

  /** Whether this session has the lock now; it is kept until the session ends. */
  async tryLock(name: string): Promise<boolean> {
    const key = `${lockClass}, hashtext(${literal(name)})`
    const [row] = await rowsOf(this, `select pg_try_advisory_lock(${key}) as locked`)
    return row?.locked === true
  }

  /** Throws if another session may have been elected. */
  async demandLock(name: string): Promise<void> {
    const [row] = await rowsOf(
      this,
      `select exists (select from pg_locks where locktype = 'advisory' and granted
        and pid = pg_backend_pid() and classid = ${lockClass}
        and objid = hashtext(${literal(name)})::oid and objsubid = 2) as locked`,
    )
    if (row?.locked === true) return
    throw new StaleproofError('SP_POOLED_CONNECTION', 'The lock of this relay is gone', {
      expected: 'a session that lasts as long as its connection',
    })
  }

  /** Resolves within a second, whatever the server does. */
  close(): Promise<void> {
    return end(this.#client, this.#clock)
  }
}

/** A server that says nothing more is not waited for. */
function end(client: Client, clock: Clock): Promise<void> {
  const ended = client.end().catch(() => undefined)
  return new Promise<void>((resolve) => {
    const timer = clock.timer(endDeadlineMs, resolve)
    void ended.then(() => {
      timer.cancel()
      resolve()
    })
  })
}

async function connect(connection: string | object, onLost: () => void): Promise<Client> {
  // Only who starts a relay needs the package.
  const { default: pg } = await import('pg')
  const given = typeof connection === 'string' ? { connectionString: connection } : connection
  const client = new pg.Client({
    application_name: 'staleproof-relay',
    ...given,
    keepAlive: true,
    connectionTimeoutMillis: connectDeadlineMs,
    query_timeout: queryDeadlineMs + 1_000,
  })
  // The next query fails and says why; without a listener the process would end.
  client.on('error', onLost)
  client.on('end', onLost)
  await client.connect()
  return client
}

async function refusePooler(
  own: Client,
  { connection, clock }: Pick<SessionOptions, 'connection' | 'clock'>,
): Promise<void> {
  const other = await connect(connection, () => {})
  try {
    const seen = { own: new Set<number>(), other: new Set<number>() }
    for (const turn of turns) {
      seen[turn].add(await serverProcess(turn === 'own' ? own : other))
    }
    const isShared = [...seen.own].some((pid) => seen.other.has(pid))
    if (!isShared && seen.own.size === 1 && seen.other.size === 1) return
    throw pooled(undefined)
  } catch (error) {
    if (isFields(error) && error.code === PROTOCOL_VIOLATION) throw pooled(error)
    throw error
  } finally {
    await end(other, clock)
  }
}

async function serverProcess(client: Client): Promise<number> {
  const { rows } = await client.query<Fields>('select pg_backend_pid() as pid')
  return Number(rows[0]?.pid)
}

function pooled(cause: unknown): StaleproofError {
  return new StaleproofError('SP_POOLED_CONNECTION', 'There is a pooler before the database', {
    expected: 'a direct address, on which a session lasts as long as its connection',
    cause,
  })
}
