/**
 * The connections of one process to PostgreSQL. The pool tells how it is used, and it refuses
 * rather than let callers wait without end: they are told when to come again, and the database
 * never has more than `size` of our connections.
 *
 * Nothing is kept in a session between two transactions: no LISTEN, no session lock, no `set`, no
 * named statement. So a transaction pooler may stand before the database. Only how long statements
 * may take is said when a connection is opened; a pooler that refuses this is not told, and then
 * the bounds of each transaction remain.
 *
 * It inherits because the query builder knows a pool by its class.
 */
import pg from 'pg'
import { BusyError } from '../process/service-error.ts'
import { type DatabaseBounds, sessionBounds, usualBounds } from './bounds.ts'
import { endAfterTimeout, lend } from './loan.ts'
import { isTransactionControl, timeStatements } from './query-times.ts'
import { WaitTimes } from './wait-times.ts'

export interface PoolOptions {
  readonly databaseUrl: string
  /** Most connections. */
  readonly size: number
  readonly bounds?: DatabaseBounds | undefined
}

export interface PoolUse {
  /** Most connections. */
  readonly size: number
  /** Connections that somebody works with, or that are being opened. */
  readonly used: number
  readonly idle: number
  /** Callers that wait for a connection now. */
  readonly waiting: number
  /** Callers that had to wait since the start, refused ones included. */
  readonly waits: number
  /** Callers that got none: too many waited, or for too long. */
  readonly refused: number
  /** Statements that were sent since the start, without those that begin and end transactions. */
  readonly queries: number
  /** Those of them outside of transactions. */
  readonly reads: number
  /** Of the last 512 waits. */
  readonly waitMsP95: number
  readonly waitMsMax: number
  /** Of the last 512 statements. */
  readonly queryMsP95: number
}

type Connected = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (fault?: Error | boolean) => void,
) => void

/** More callers than this never wait at a time. */
export const poolWaitingMax = 500
/** Longest wait for a connection, and longest time in which one is opened. */
const acquireDeadlineMs = 5_000
const retryAfterMs = 1_000

const unbounded = sessionBounds({ lockMs: 0, statementMs: 0, answerMs: 0, idleMs: 0 })

export class DatabasePool extends pg.Pool {
  readonly bounds: DatabaseBounds
  /** Told of each statement that has ended. */
  onStatement: (ms: number) => void = () => {}
  readonly #size: number
  readonly #waits = new WaitTimes()
  readonly #statements = new WaitTimes()
  #refused = 0
  #queries = 0
  #reads = 0

  /** Opens no connection yet: the first query does. */
  constructor({ databaseUrl, size, bounds = usualBounds }: PoolOptions) {
    super({
      connectionString: databaseUrl,
      max: size,
      connectionTimeoutMillis: acquireDeadlineMs,
      query_timeout: bounds.answerMs,
      ...sessionBounds(bounds),
    })
    this.bounds = bounds
    this.#size = size
    this.on('connect', (client) => {
      endAfterTimeout(client)
      timeStatements(client, (ms) => this.#ended(ms))
    })
  }

  get use(): PoolUse {
    return {
      size: this.#size,
      used: this.totalCount - this.idleCount,
      idle: this.idleCount,
      waiting: this.waitingCount,
      waits: this.#waits.count,
      refused: this.#refused,
      queries: this.#queries,
      reads: this.#reads,
      waitMsP95: this.#waits.p95Ms,
      waitMsMax: this.#waits.mostMs,
      queryMsP95: this.#statements.p95Ms,
    }
  }

  /** For the query builder, which alone sees every statement. */
  countQuery(statement: string): void {
    if (!isTransactionControl(statement)) this.#queries += 1
  }

  override connect(): Promise<pg.PoolClient>
  override connect(callback: Connected): void
  override connect(callback?: Connected): Promise<pg.PoolClient> | undefined {
    if (callback === undefined) return this.#promised()
    // A statement on its own asks this way, a transaction for a promise.
    this.#reads += 1
    this.#acquire(callback)
    return undefined
  }

  #ended(ms: number): void {
    this.#statements.add(ms)
    this.onStatement(ms)
  }

  #promised(): Promise<pg.PoolClient> {
    return new Promise((resolve, reject) => {
      this.#acquire((error, client) => {
        if (client === undefined) reject(error)
        else resolve(lend(client))
      })
    })
  }

  #acquire(callback: Connected): void {
    const free = this.idleCount + this.#size - this.totalCount - this.waitingCount
    if (free > 0) this.#open(callback)
    else this.#wait(callback)
  }

  #open(callback: Connected): void {
    const isBounded = this.options.statement_timeout !== unbounded.statement_timeout
    super.connect((error, client, release) => {
      if (!isBounded || !isUnknownSetting(error)) return callback(error, client, release)
      Object.assign(this.options, unbounded)
      this.#open(callback)
    })
  }

  #wait(callback: Connected): void {
    const startedAtMs = performance.now()
    const settle: Connected = (error, client, release) => {
      this.#waits.add(performance.now() - startedAtMs)
      if (client !== undefined) return callback(error, client, release)
      this.#refused += 1
      callback(tooBusy(error), undefined, release)
    }
    if (this.waitingCount < poolWaitingMax) this.#open(settle)
    else settle(undefined, undefined, () => {})
  }
}

/** A pooler that knows none of the bounds refuses the connection. */
function isUnknownSetting(error: Error | undefined): boolean {
  return error?.message.startsWith('unsupported startup parameter') === true
}

function tooBusy(cause: Error | undefined): BusyError {
  const message = 'The database has too much to do at the moment. Try again in a second.'
  return new BusyError({ status: 503, code: 'too_busy', message, retryAfterMs, cause })
}
