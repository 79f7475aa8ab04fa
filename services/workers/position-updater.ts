/**
 * Brings the marks of open positions in line with prices that changed: gathered for up to 15
 * seconds, written in one transaction, followed by one invalidation of exactly the traders whose
 * marks have changed. Limits and statistics are made of marks; what a position is worth at this
 * very moment is computed when it is read.
 */

import { batchUpdatePositionsPrices } from '../api/repositories/position-prices.ts'
import type { Transact } from '../database/transact.ts'
import { type PolycoolCache, positionsRepriced } from '../domain/writes.ts'
import { commitWrite } from '../process/commit-write.ts'
import type { ServiceLogger } from '../process/logger.ts'
import { DebouncedBatch } from './debounced-batch.ts'

export interface PositionUpdaterOptions {
  readonly cache: PolycoolCache
  readonly transact: Transact
  readonly log: ServiceLogger
  readonly delayMs: number
  /** Told after the commit that marks have changed. */
  readonly onRepriced: () => void
}

export const writesPerSecondMax = 2

/** A batch of the markets in which something moved. */
export function openPositionUpdater(options: PositionUpdaterOptions): DebouncedBatch<string> {
  const { log, delayMs, onRepriced } = options
  return new DebouncedBatch<string>({
    name: 'positions',
    delayMs,
    gapMs: 1_000 / writesPerSecondMax,
    log,
    write: async (marketIds) => {
      const { result } = await commitWrite(options, positionsRepriced, async (transaction) => {
        const change = await batchUpdatePositionsPrices(transaction, marketIds)
        return { result: change.length, change }
      })
      if (result > 0) onRepriced()
    },
  })
}
