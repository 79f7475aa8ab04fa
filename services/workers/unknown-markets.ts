/**
 * Markets that the provider speaks of and nobody has imported. Each is looked up once; that the
 * database does not know it is remembered in the cache, for all workers, for as long as
 * `marketByCondition` remembers an absence. So the provider is asked for it at most that often,
 * however many messages name it, and its import ends the absence.
 */
import type { PolycoolCache } from '../domain/writes.ts'
import type { ServiceLogger } from '../process/logger.ts'
import { DebouncedBatch } from './debounced-batch.ts'

export interface UnknownMarketsOptions {
  readonly cache: PolycoolCache
  readonly log: ServiceLogger
  /** Brings those in that the provider has; gets condition ids. */
  readonly bringIn: (conditionIds: readonly string[]) => Promise<void>
}

/** With Redis away an absence can't be remembered: then this is how often is asked. */
const gapMs = 5_000
const delayMs = 100
/** More names than this wait for no look-up; what is named again then has another chance. */
export const waitingMax = 1_000

export class UnknownMarkets {
  readonly #options: UnknownMarketsOptions
  readonly #batch: DebouncedBatch<string>
  /**
   * Nobody has imported these, and they wait in the batch until the provider has answered: if it
   * fails, their absence is in the cache by then and would look as if it had been asked.
   */
  readonly #wanted = new Set<string>()
  #dropped = 0
  #isClosed = false

  constructor(options: UnknownMarketsOptions) {
    this.#options = options
    this.#batch = new DebouncedBatch({
      name: 'unknown-markets',
      delayMs,
      gapMs,
      log: options.log,
      write: (conditionIds) => this.#look(conditionIds),
    })
  }

  /** How many wait for their look-up, and how many names found no room to. */
  get counts(): { readonly waiting: number; readonly dropped: number } {
    return { waiting: this.#batch.waiting, dropped: this.#dropped }
  }

  note(conditionId: string): void {
    if (this.#batch.waiting < waitingMax) this.#batch.add([conditionId])
    else this.#dropped += 1
  }

  /** What still waits is named again, to the next process. */
  close(): Promise<void> {
    this.#isClosed = true
    return this.#batch.close()
  }

  async #look(conditionIds: readonly string[]): Promise<void> {
    if (this.#isClosed) return
    const { cache, bringIn } = this.#options
    const outcomes = await cache.marketByCondition.lookupMany(conditionIds)
    // Found: another worker has imported it. From the source: nobody has asked for a while.
    for (const [place, id] of conditionIds.entries()) {
      const outcome = outcomes[place]
      const isNew = outcome?.value !== undefined || outcome?.from === 'source'
      if (isNew) this.#wanted.add(id)
    }
    if (this.#wanted.size === 0) return
    await bringIn([...this.#wanted])
    this.#wanted.clear()
  }
}
