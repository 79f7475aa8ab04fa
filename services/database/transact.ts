/**
 * Runs each write as one transaction, known by its name. A test may hold a write just before its
 * commit by a hook that it passes in; nothing in the environment can.
 */
import type { Database, Transaction } from './connection.ts'

export interface WriteHooks {
  /** Awaited inside the transaction, after its statements and before its commit. */
  readonly beforeCommit?: (write: string) => Promise<void>
}

export type Transact = <R>(
  write: string,
  run: (transaction: Transaction) => Promise<R>,
) => Promise<R>

export function transactor(database: Database, hooks: WriteHooks = {}): Transact {
  return (write, run) =>
    database.transaction(async (transaction) => {
      const result = await run(transaction)
      await hooks.beforeCommit?.(write)
      return result
    })
}
