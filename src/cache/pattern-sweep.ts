/**
 * Invalidates what a glob matches (PROTOCOL 4, Globs): slots by scanning in bounded
 * batches, then the memories of all processes, also of what Redis had lost already.
 * Values and leases are slots alike, so whatever was there when it began is found; what
 * is granted later is loaded later.
 */
import { StoreFault, type ToldReply } from '../core/contracts/store.ts'
import type { BarrierReceipt } from '../core/receipt.ts'
import { askOf } from './ask-of.ts'
import type { Barrier, Barriers } from './barrier.ts'
import { byPartition } from './by-partition.ts'
import type { Engine } from './engine.ts'
import type { Evictor } from './evictor.ts'
import type { Executor } from './executor.ts'
import { sweepAborted } from './faults.ts'
import type { Keeper } from './keeper.ts'
import type { PatternEvictor } from './pattern-evictor.ts'
import { sendWishes } from './send-wishes.ts'
import { untilAborted } from './until-aborted.ts'

export interface PatternSweepParts {
  readonly engine: Engine
  readonly evictor: Evictor
  readonly patternEvictor: PatternEvictor
  readonly executor: Executor
  readonly keeper: Keeper
  readonly barriers: Barriers
}

export interface Sweeping {
  readonly pattern: string
  readonly reason: string
  readonly hasBarrier: boolean
  /** Ends it between two batches: what is done by then stays done. */
  readonly signal: AbortSignal | undefined
}

/** One partition has been told; all that was scanned in it had been invalidated before. */
export interface Swept {
  readonly partition: number
  readonly stamp: string | undefined
  readonly reply: ToldReply
  readonly barrier: BarrierReceipt | undefined
}

export class PatternSweep {
  readonly #parts: PatternSweepParts

  constructor(parts: PatternSweepParts) {
    this.#parts = parts
  }

  /** Rejects with `StoreFault` or `SP_ABORTED` when it did not come to its end. */
  async sweep(sweeping: Sweeping): Promise<readonly Swept[]> {
    const { store, partitions } = this.#parts.engine
    if (partitions.some(({ trust }) => trust.hasOtherPartitions(store.partitions))) {
      throw new StoreFault('refused', 'another process divides the keys otherwise')
    }
    const { pattern, reason, signal } = sweeping
    let keyCount = 0
    for await (const keys of untilAborted(store.scan(pattern), signal)) {
      if (keys === 'aborted') throw sweepAborted(pattern, keyCount, signal?.reason)
      await this.#invalidate(keys, reason)
      keyCount += keys.length
    }
    await this.#raise(pattern, reason)
    return Promise.all(partitions.map(({ index }) => this.#tell(index, sweeping)))
  }

  async #raise(pattern: string, reason: string): Promise<void> {
    const { engine, patternEvictor, executor } = this.#parts
    const tags = patternEvictor.settlingTags(pattern)
    const wishes = tags.map((tag) => ({ kind: 'tag', tag }) as const)
    if (wishes.length === 0) return
    const raising = engine.partitions.map(({ index: partition }) => {
      return { partition, wishes, reason, hasBarrier: false }
    })
    const executions = await executor.executeAll(raising)
    const isDone = executions.every(({ reply }) => reply !== undefined)
    if (!isDone) throw new StoreFault('lost', 'not every partition could be told')
  }

  async #invalidate(keys: readonly string[], reason: string): Promise<void> {
    const { engine, evictor, keeper } = this.#parts
    const placed = keys.map((key) => {
      const wish = { kind: 'key', ask: askOf(key, evictor.familyOf(key)?.rules) } as const
      return { partition: engine.store.partitionOf(key), wish }
    })
    for (const group of byPartition(placed)) {
      const partition = group[0]?.partition ?? 0
      const wishes = group.map(({ wish }) => wish)
      await sendWishes(engine, { partition, wishes, reason })
      keeper.acknowledged({ partition, wishes })
    }
  }

  /** The last message of its partition: who has applied it has applied those before. */
  async #tell(partition: number, { pattern, reason, hasBarrier }: Sweeping): Promise<Swept> {
    const { engine, barriers } = this.#parts
    const { store, settings } = engine
    const barrier: Barrier | undefined = hasBarrier ? barriers.begin() : undefined
    try {
      const stamp = store.connectedOf(partition)?.stamp
      const told = { origin: settings.process, reason, barrier: barrier?.ask }
      const reply = await store.tellPattern(partition, { pattern, ...told })
      const passed = await barrier?.pass(partition, reply.registered ?? { birth: '', members: [] })
      return { partition, stamp, reply, barrier: passed }
    } finally {
      if (barrier !== undefined) barriers.end(barrier)
    }
  }
}
