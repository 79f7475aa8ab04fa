/**
 * Delivers the journal: invalidations that could not be executed when they were
 * asked for. Called by the heart before every beat, so before the first read on a
 * connection; order per key is kept because entries of one key are merged.
 */

import type { JournalEntry } from '../coherence/index.ts'
import { type InvalidateAsk, StoreFault } from '../core/contracts/store.ts'
import { StaleproofError } from '../core/errors.ts'
import { Budget } from '../resilience/index.ts'
import { type Engine, partitionAt } from './engine.ts'
import type { Evictor } from './evictor.ts'

/** Keys in one script call. */
export const invalidateKeysMax = 1_000

export type Delivery = 'done' | 'refused' | 'unreachable'

export class Courier {
  readonly #engine: Engine
  readonly #evictor: Evictor

  constructor(engine: Engine, evictor: Evictor) {
    this.#engine = engine
    this.#evictor = evictor
  }

  async deliver(partition: number): Promise<Delivery> {
    const { journal, store } = this.#engine
    const { trust } = partitionAt(this.#engine, partition)
    if (trust.hasOtherPartitions(store.partitions)) return 'refused'
    while (journal.hasBacklog(partition)) {
      const edition = journal.floorWanted(partition)
      const delivery =
        edition === undefined
          ? await this.#deliverKeys(partition, journal.next(partition, invalidateKeysMax))
          : await this.#deliverFloor(partition, edition)
      if (delivery !== 'done') return delivery
    }
    return 'done'
  }

  async #deliverKeys(partition: number, entries: readonly JournalEntry[]): Promise<Delivery> {
    const { store, journal, settings } = this.#engine
    const asks: readonly InvalidateAsk[] = entries.map((entry) => entry.ask)
    const reason = entries[0]?.reason ?? ''
    const startedMs = this.#engine.clock.now()
    const delivery = await this.#attempt(
      store.invalidate(partition, { asks, origin: settings.service, reason }),
    )
    if (delivery !== 'done') return delivery
    for (const { key } of asks) this.#evictor.evict(key)
    journal.delivered(partition, entries)
    const keys = asks.map((ask) => ask.key)
    this.#tell(keys, reason, startedMs)
    return 'done'
  }

  async #deliverFloor(partition: number, edition: number): Promise<Delivery> {
    const { store, journal, settings, chance } = this.#engine
    const startedMs = this.#engine.clock.now()
    const request = {
      newEpoch: chance.token().slice(0, 8),
      tags: [],
      origin: settings.service,
      reason: 'journal overflow',
    }
    const delivery = await this.#attempt(store.raise(partition, request))
    if (delivery !== 'done') return delivery
    partitionAt(this.#engine, partition).trust.lose('floor')
    journal.floorDelivered(partition, edition)
    this.#tell(['*'], request.reason, startedMs)
    return 'done'
  }

  /** Which processes it reached is not known here: a retry may be the second to arrive. */
  #tell(keys: readonly string[], reason: string, startedMs: number): void {
    const { watchers, settings, clock } = this.#engine
    watchers.tell({
      kind: 'invalidate',
      via: 'retry',
      keys,
      tags: [],
      origin: settings.service,
      reason,
      subject: undefined,
      reached: 0,
      pending: [],
      ms: clock.now() - startedMs,
    })
  }

  #report(cause: unknown): void {
    const error = new StaleproofError('SP_INVALIDATION_PENDING', 'it could not be sent', { cause })
    this.#engine.watchers.tell({ kind: 'fault', error })
  }

  async #attempt(step: Promise<unknown>): Promise<Delivery> {
    const { clock, settings, breaker } = this.#engine
    try {
      const reply = await new Budget(clock, settings.trustMs).wait(step)
      if (reply !== undefined) return 'done'
    } catch (error) {
      // Anything else is a fault of ours: it must not keep the beat from being sent.
      if (!(error instanceof StoreFault)) this.#report(error)
      if (!(error instanceof StoreFault) || error.kind === 'refused') return 'refused'
    }
    breaker.failed()
    return 'unreachable'
  }
}
