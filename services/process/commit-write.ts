/**
 * A write from its transaction to its announcement, in this order and nowhere else.
 *
 * An error in place of the answer to COMMIT leaves open whether the write stands, and whoever
 * repeats the write may find nothing left to change. So what it would have changed is invalidated
 * all the same: at once, and once more when the database has ended whatever was still under way.
 */
import { usualBounds } from '../database/bounds.ts'
import type { Transaction } from '../database/connection.ts'
import type { Transact } from '../database/transact.ts'
import type { Write } from '../domain/writes.ts'
import { type Announcement, type Announcing, announce, announceDoubt } from './announce.ts'

export interface Writing extends Announcing {
  readonly transact: Transact
}

export interface Committed<Change, R> {
  readonly result: R
  /** What was changed; `undefined` where nothing was. */
  readonly change: Change | undefined
  readonly subject?: string
}

/** A transaction that was given up is ended by the database within this time. */
export const doubtMs: number = usualBounds.idleMs + usualBounds.statementMs

export async function commitWrite<Change, R>(
  writing: Writing,
  write: Write<Change>,
  run: (transaction: Transaction) => Promise<Committed<Change, R>>,
): Promise<{ readonly result: R; readonly token: string | undefined }> {
  const carriedOut: Committed<Change, R>[] = []
  const noted = async (transaction: Transaction) => {
    const committed = await run(transaction)
    carriedOut.push(committed)
    return committed
  }
  try {
    const { result, ...announcement } = await writing.transact(write.reason, noted)
    const { change } = announcement
    if (change === undefined) return { result, token: undefined }
    return { result, token: await announce(writing, { ...announcement, write, change }) }
  } catch (error) {
    for (const { change, subject } of carriedOut) {
      if (change === undefined) continue
      await doubt(writing, { write, change, ...(subject === undefined ? {} : { subject }) })
    }
    throw error
  }
}

async function doubt<Change>(writing: Writing, announcement: Announcement<Change>): Promise<void> {
  const again = () => void announceDoubt(writing, announcement)
  // Who ends before that is followed by a process that begins with nothing cached.
  setTimeout(again, doubtMs).unref()
  await announceDoubt(writing, announcement)
}
