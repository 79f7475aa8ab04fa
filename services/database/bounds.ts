/**
 * How long PostgreSQL may take. It ends by itself what takes longer, so that nothing goes on there
 * for a caller who has given up; only where it does not even say so, the connection is ended.
 */
import { type SQL, sql } from 'drizzle-orm'

export interface DatabaseBounds {
  /** Longest wait for a lock that somebody else has. */
  readonly lockMs: number
  /** Longest time of a statement. */
  readonly statementMs: number
  /** Longest wait for its answer: longer, so that the database is the one to refuse. */
  readonly answerMs: number
  /** Longest pause between two statements of a transaction. */
  readonly idleMs: number
}

export const usualBounds: DatabaseBounds = {
  lockMs: 5_000,
  statementMs: 9_000,
  answerMs: 10_000,
  idleMs: 30_000,
}

/** Of migrations, which also wait for those of another process. */
export const migrationBounds: DatabaseBounds = {
  lockMs: 300_000,
  statementMs: 300_000,
  answerMs: 310_000,
  idleMs: 30_000,
}

/** What a connection is opened with; all of them 0 is none. */
export function sessionBounds({ lockMs, statementMs, idleMs }: DatabaseBounds) {
  return {
    lock_timeout: lockMs,
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: idleMs,
  }
}

/** For one transaction: what a pooler passes on, and what ends with the transaction. */
export function transactionBounds(bounds: DatabaseBounds): SQL {
  const settings = Object.entries(sessionBounds(bounds))
  return sql.raw(settings.map(([name, ms]) => `set local ${name} = ${ms}`).join('; '))
}
