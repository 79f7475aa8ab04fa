/**
 * Invalidates keys (PROTOCOL 3.4): locally at once, on the server with one script for
 * each partition, and locally again when it has answered. What could not be executed
 * goes to the journal and is never claimed.
 */
import { type InvalidateAsk, type InvalidateReply, StoreFault } from '../core/contracts/store.ts'
import type { InvalidateOptions } from '../core/handle.ts'
import type { InvalidateEvent } from '../core/outcome.ts'
import type { Receipt } from '../core/receipt.ts'
import { formatToken, type TokenPart } from '../core/token.ts'
import { Budget } from '../resilience/index.ts'
import { byPartition, inChunks } from './by-partition.ts'
import { invalidateKeysMax } from './courier.ts'
import type { Engine } from './engine.ts'
import type { Evictor } from './evictor.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { pendingError } from './faults.ts'

export interface InvalidatorParts {
  readonly engine: Engine
  readonly evictor: Evictor
}

/** A key to invalidate. */
export interface Target {
  readonly key: string
  readonly family: FamilyRuntime
}

interface PartitionedAsk {
  readonly partition: number
  readonly ask: InvalidateAsk
}

/** What became of the keys of one script call; without a reply they are pending. */
interface Execution {
  readonly partition: number
  readonly asks: readonly InvalidateAsk[]
  readonly stamp: string | undefined
  readonly reply: InvalidateReply | undefined
}

export class Invalidator {
  readonly #parts: InvalidatorParts

  constructor(parts: InvalidatorParts) {
    this.#parts = parts
  }

  /** Rejects with `SP_INVALIDATION_PENDING`, the receipt on it, if Redis was not told of all. */
  async invalidate(targets: readonly Target[], options: InvalidateOptions): Promise<Receipt> {
    const { engine } = this.#parts
    const startedMs = engine.clock.now()
    const asks = askOnce(targets, (key) => engine.store.partitionOf(key))
    for (const { ask } of asks) this.#parts.evictor.evict(ask.key)
    for (const { family } of targets) family.counters.invalidations++
    const chunks = byPartition(asks).flatMap((group) => inChunks(group, invalidateKeysMax))
    const reason = options.reason ?? ''
    const executions = await Promise.all(chunks.map((chunk) => this.#execute(chunk, reason)))
    const receipt = receiptOf(executions, engine.clock.now() - startedMs)
    const { keys, reached, pending, ms } = receipt
    this.#tell({ via: 'call', keys, reason, reached, pending, ms }, options.subject)
    if (receipt.pending.length > 0) throw pendingError(receipt)
    return receipt
  }

  #tell(
    what: Pick<InvalidateEvent, 'via' | 'keys' | 'reason' | 'reached' | 'pending' | 'ms'>,
    subject?: string,
  ): void {
    const { watchers, settings } = this.#parts.engine
    const origin = settings.service
    watchers.tell({ kind: 'invalidate', tags: [], origin, subject, ...what })
  }

  async #execute(chunk: readonly PartitionedAsk[], reason: string): Promise<Execution> {
    const { engine, evictor } = this.#parts
    const partition = chunk[0]?.partition ?? 0
    const asks = chunk.map((one) => one.ask)
    const stamp = engine.store.connected?.stamp
    const sent = this.#send(partition, asks, reason)
    // With the breaker open nobody waits: the answer is taken whenever it comes.
    const patienceMs = engine.breaker.isOpen ? 0 : engine.settings.budgetMs
    const reply = await new Budget(engine.clock, patienceMs).wait(sent)
    for (const { key } of asks) evictor.evict(key)
    if (reply === undefined) this.#keepForLater(partition, asks, reason, sent)
    return { partition, asks, stamp, reply }
  }

  /** What Redis reads late it executes late: then it is no longer pending. */
  #keepForLater(
    partition: number,
    asks: readonly InvalidateAsk[],
    reason: string,
    sent: Promise<InvalidateReply | undefined>,
  ): void {
    const { engine, evictor } = this.#parts
    const sinceMs = engine.clock.wallMs()
    const entries = asks.map((ask) => engine.journal.add(partition, { ask, reason, sinceMs }))
    engine.tasks.run(
      sent.then((reply) => {
        if (reply === undefined) return
        for (const { key } of asks) evictor.evict(key)
        // An entry that was merged with another wish stands for more than was executed.
        const executed = entries.filter((entry, index) => entry.ask === asks[index])
        engine.journal.delivered(partition, executed)
        const keys = executed.map((entry) => entry.ask.key)
        this.#tell({ via: 'retry', keys, reason, reached: reply.receivers, pending: [], ms: 0 })
      }),
    )
  }

  /**
   * Undefined: not executed, as far as we know. No proof is needed: a server that is no
   * longer primary refuses. It is sent even if nobody will wait for the answer.
   */
  async #send(
    partition: number,
    asks: readonly InvalidateAsk[],
    reason: string,
  ): Promise<InvalidateReply | undefined> {
    const { store, settings, partitions } = this.#parts.engine
    if (partitions[partition]?.trust.hasOtherPartitions(store.partitions)) return undefined
    try {
      return await store.invalidate(partition, { asks, origin: settings.service, reason })
    } catch (error) {
      if (error instanceof StoreFault) return undefined
      throw error
    }
  }
}

function askOnce(
  targets: readonly Target[],
  partitionOf: (key: string) => number,
): readonly PartitionedAsk[] {
  const asks = new Map<string, PartitionedAsk>()
  for (const { key, family } of targets) {
    // Where `set` may fill an empty slot, a late one must meet the order that was removed.
    const keepsOrder = family.rules.isSetOnly
    const ask = { key, order: '', keepsOrder, floorMs: family.rules.ttlMs }
    asks.set(key, { partition: partitionOf(key), ask })
  }
  return [...asks.values()]
}

function receiptOf(executions: readonly Execution[], ms: number): Receipt {
  const keys: string[] = []
  const pending: string[] = []
  const parts = new Map<number, TokenPart>()
  let reached = 0
  for (const { partition, asks, stamp, reply } of executions) {
    for (const { key } of asks) {
      keys.push(key)
      if (reply === undefined) pending.push(key)
    }
    reached = Math.max(reached, reply?.receivers ?? 0)
    parts.set(partition, later(parts.get(partition), tokenPart(partition, stamp, reply)))
  }
  return { keys, reached, pending, ms, token: formatToken([...parts.values()]) }
}

function tokenPart(
  partition: number,
  stamp: string | undefined,
  reply: InvalidateReply | undefined,
): TokenPart {
  if (reply === undefined) {
    return { partition, stamp, epoch: undefined, seq: undefined, pending: true }
  }
  return { partition, stamp, epoch: reply.epoch, seq: reply.seq, pending: false }
}

/** Of two chunks in one partition the token needs the one that is harder to see. */
function later(known: TokenPart | undefined, part: TokenPart): TokenPart {
  if (known === undefined || part.pending) return part
  if (known.pending || known.seq === undefined) return known
  // Two incarnations can't be compared: without a number the read is strict.
  if (known.stamp !== part.stamp || known.epoch !== part.epoch) return { ...part, seq: undefined }
  return part.seq === undefined || part.seq > known.seq ? part : known
}
