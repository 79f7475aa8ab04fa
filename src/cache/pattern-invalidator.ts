/**
 * Invalidates what a pattern matches when a caller asks for it: here at the call and when
 * the sweep has ended, which is when the promise holds. A sweep that failed is kept, and
 * until it has been repeated this process reads what it matches from the source.
 */
import { StoreFault } from '../core/contracts/store.ts'
import type { PatternOptions } from '../core/handle.ts'
import type { Receipt } from '../core/receipt.ts'
import type { Engine } from './engine.ts'
import { pendingError } from './faults.ts'
import type { Keeper } from './keeper.ts'
import type { PatternEvictor } from './pattern-evictor.ts'
import type { PatternSweep, Swept } from './pattern-sweep.ts'
import { receiptOf, type ScriptCall } from './receipt.ts'
import type { Replication } from './replication.ts'

export interface PatternInvalidatorParts {
  readonly engine: Engine
  readonly evictor: PatternEvictor
  readonly keeper: Keeper
  readonly sweeps: PatternSweep
  readonly replication: Replication
}

export class PatternInvalidator {
  readonly #parts: PatternInvalidatorParts

  constructor(parts: PatternInvalidatorParts) {
    this.#parts = parts
  }

  /** Rejects with `SP_INVALIDATION_PENDING`, the receipt on it, or `SP_ABORTED`. */
  async invalidate(pattern: string, options: PatternOptions): Promise<Receipt> {
    const { engine, evictor, keeper, replication } = this.#parts
    const { clock, watchers, settings } = engine
    const { reason = '', subject } = options
    const startedMs = clock.now()
    evictor.evict(pattern)
    const swept = await this.#sweep(pattern, options)
    evictor.evict(pattern)
    if (swept === undefined) await keeper.keepPattern({ pattern, reason })
    const durable = await replication.confirm(swept?.map(({ partition }) => partition) ?? [])
    const told = swept?.map((one) => ({ ...one, names: [pattern] })) ?? this.#untold(pattern)
    const receipt = receiptOf(told, { ms: clock.now() - startedMs, durable })
    const { keys, reached, pending, ms } = receipt
    const what = { keys, tags: [], reached, pending, ms, reason, subject }
    watchers.tell({ kind: 'invalidate', via: 'call', origin: settings.service, ...what })
    if (pending.length > 0) throw pendingError(receipt)
    return receipt
  }

  /** Undefined: it did not come to its end. */
  async #sweep(pattern: string, options: PatternOptions): Promise<readonly Swept[] | undefined> {
    const { reason = '', barrier: hasBarrier = false, signal } = options
    try {
      return await this.#parts.sweeps.sweep({ pattern, reason, hasBarrier, signal })
    } catch (error) {
      if (error instanceof StoreFault) return undefined
      throw error
    }
  }

  #untold(pattern: string): readonly ScriptCall[] {
    const { partitions, store } = this.#parts.engine
    return partitions.map(({ index }) => ({
      partition: index,
      names: [pattern],
      stamp: store.connectedOf(index)?.stamp,
      reply: undefined,
      barrier: undefined,
    }))
  }
}
