/**
 * Brings the marks of open positions in line with prices that changed: gathered for up to 15
 * seconds, written in one transaction, followed by one invalidation of exactly the traders whose
 * marks have changed. Limits and statistics are made of marks; what a position is worth at this
 * very moment is computed when it is read.
 */

import { batchUpdatePositionsPrices } from '../api/repositories/position-prices.ts'
import type { Transact } from '../database/transact.ts'
import { type PolycoolCache, positionsRepriced } from '../domain/writes.ts'
import { announce } from '../process/announce.ts'
import type { ServiceLogger } from '../process/logger.ts'
import { DebouncedBatch } from './debounced-batch.ts'

export interface PositionUpdaterOptions {
  readonly cache: PolycoolCache
  readonly transact: Transact
  readonly log: ServiceLogger
  readonly delayMs: number
  /** Told of the positions whose price changed, after the commit. */
  readonly onRepriced: (positionIds: readonly number[]) => Promise<void>
}

export const writesPerSecondMax = 2

/** A batch of the markets in which something moved. */
export function openPositionUpdater(options: PositionUpdaterOptions): DebouncedBatch<string> {
  const { transact, log, delayMs, onRepriced } = options
  return new DebouncedBatch<string>({
    name: 'positions',
    delayMs,
    gapMs: 1_000 / writesPerSecondMax,
    log,
    write: async (marketIds) => {
      const change = await transact(positionsRepriced.reason, (transaction) =>
        batchUpdatePositionsPrices(transaction, marketIds),
      )
      await announce(options, { write: positionsRepriced, change })
      await onRepriced(change.map(({ positionId }) => positionId))
    },
  })
}
