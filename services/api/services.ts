/** What the routes of the API work with. */

import type { SearchCache } from '../caches/search-cache.ts'
import type { Database, Transaction } from '../database/connection.ts'
import type { Transact } from '../database/transact.ts'
import type { PolycoolCache, Write } from '../domain/writes.ts'
import { announce } from '../process/announce.ts'
import type { ServiceLogger } from '../process/logger.ts'

export interface ApiServices {
  readonly cache: PolycoolCache
  readonly search: SearchCache
  readonly database: Database
  readonly transact: Transact
  readonly log: ServiceLogger
}

export interface Committed<Change, R> {
  readonly result: R
  /** What was changed; `undefined` where nothing was. */
  readonly change: Change | undefined
  readonly subject?: string
}

/** A write from its transaction to its invalidation, in this order and nowhere else. */
export async function commitWrite<Change, R>(
  services: ApiServices,
  write: Write<Change>,
  run: (transaction: Transaction) => Promise<Committed<Change, R>>,
): Promise<{ readonly result: R; readonly token: string | undefined }> {
  const { result, ...announcement } = await services.transact(write.reason, run)
  const { change } = announcement
  if (change === undefined) return { result, token: undefined }
  const token = await announce(services, { ...announcement, write, change })
  return { result, token }
}
