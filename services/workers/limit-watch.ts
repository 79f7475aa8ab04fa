/**
 * Sells positions that are past their take-profit or stop-loss, through the API. What is past it
 * stands in the table, so nothing is lost with a process, a refusal or a wake-up: it looks every
 * second, and at once when marks have changed.
 */
import type { Database } from '../database/connection.ts'
import { backoffMs } from '../process/backoff.ts'
import { HttpFault } from '../process/http-client.ts'
import type { ServiceLogger } from '../process/logger.ts'
import { Loop } from '../process/loop.ts'
import { reachedLimits } from './repositories/reached-limits.ts'
import type { TradingClient } from './trading-client.ts'

export interface LimitWatchOptions {
  readonly database: Database
  readonly trading: Pick<TradingClient, 'sell'>
  readonly log: ServiceLogger
}

interface Refusal {
  readonly attempts: number
  readonly againAtMs: number
}

const pollMs = 1_000
/** Sales that are under way at once. */
export const salesMax = 8
/** Of a position whose sale was refused; it keeps no other from being sold. */
const retry = { firstMs: 1_000, maxMs: 30_000 }

export class LimitWatch {
  readonly #options: LimitWatchOptions
  readonly #loop: Loop
  /** Of positions that are past a limit still: each run leaves out the others. */
  #refused: ReadonlyMap<number, Refusal> = new Map()

  constructor(options: LimitWatchOptions) {
    this.#options = options
    const run = (signal: AbortSignal) => this.#sellReached(signal)
    this.#loop = new Loop({ name: 'limits', pauseMs: pollMs, log: options.log, run })
  }

  wake(): void {
    this.#loop.wake()
  }

  /** Waits for the sales under way. */
  close(): Promise<void> {
    return this.#loop.close()
  }

  async #sellReached(signal: AbortSignal): Promise<void> {
    const refused = new Map<number, Refusal>()
    let afterId = 0
    while (!signal.aborted) {
      const ids = await reachedLimits(this.#options.database, { afterId, limit: salesMax })
      const refusals = await Promise.all(ids.map((id) => this.#sell(id)))
      for (const [place, id] of ids.entries()) {
        const refusal = refusals[place]
        if (refusal !== undefined) refused.set(id, refusal)
      }
      if (ids.length < salesMax) break
      afterId = ids.at(-1) ?? afterId
    }
    this.#refused = refused
  }

  /** The same sale twice is one: the API sells what is open. */
  async #sell(positionId: number): Promise<Refusal | undefined> {
    const { trading, log } = this.#options
    const known = this.#refused.get(positionId)
    if (known !== undefined && performance.now() < known.againAtMs) return known
    try {
      await trading.sell(positionId)
      log.info({ positionId }, 'limit reached, position sold')
      return undefined
    } catch (error) {
      // Nobody answers: nobody sells the others either, and the loop waits longer each time.
      if (!(error instanceof HttpFault) || error.status === 0) throw error
      const attempts = (known?.attempts ?? 0) + 1
      const level = attempts === 1 ? 'warn' : 'debug'
      log[level]({ positionId, attempts, err: error }, 'limit reached, but not sold')
      const pauseMs = Math.max(error.retryAfterMs ?? 0, backoffMs(retry, attempts - 1))
      return { attempts, againAtMs: performance.now() + pauseMs }
    }
  }
}
