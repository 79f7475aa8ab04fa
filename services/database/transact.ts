/**
 * Runs each write as one transaction, known by its name and bounded in time: whoever waits for its
 * rows knows how long. A test may hold a write before its commit, or lose the answer to it, by
 * hooks that it passes in; nothing in the environment can.
 */
import { transactionBounds } from './bounds.ts'
import type { Database, Transaction } from './connection.ts'

export interface WriteHooks {
  /** Awaited inside the transaction, after its statements and before its commit. */
  readonly beforeCommit?: (write: string) => Promise<void>
  /** Awaited after its commit; what it throws stands for an answer that was lost. */
  readonly afterCommit?: (write: string) => Promise<void>
}

export type Transact = <R>(
  write: string,
  run: (transaction: Transaction) => Promise<R>,
) => Promise<R>

export function transactor(database: Database, hooks: WriteHooks = {}): Transact {
  const bounds = transactionBounds(database.$client.bounds)
  return async (write, run) => {
    const result = await database.transaction(async (transaction) => {
      await transaction.execute(bounds)
      const result = await run(transaction)
      await hooks.beforeCommit?.(write)
      return result
    })
    await hooks.afterCommit?.(write)
    return result
  }
}
