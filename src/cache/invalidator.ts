/**
 * Invalidates keys, tags, families and everything (PROTOCOL 3.4, 4): says it to each
 * partition concerned, makes the receipt and tells observers. What could not be executed
 * everywhere is pending, and the call rejects.
 */
import { nameOfWish, type Wish, wishesInWords } from '../coherence/index.ts'
import type { InvalidateKeysOptions, InvalidateOptions } from '../core/handle.ts'
import { orderText } from '../core/order.ts'
import type { Receipt } from '../core/receipt.ts'
import { byPartition, inChunks } from './by-partition.ts'
import { invalidateKeysMax } from './courier.ts'
import type { Engine } from './engine.ts'
import type { Evictor } from './evictor.ts'
import type { Executor } from './executor.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { noMinVersion, pendingError } from './faults.ts'
import { receiptOf } from './receipt.ts'
import type { Replication } from './replication.ts'
import { raiseTagsMax, type Saying } from './send-wishes.ts'

export interface InvalidatorParts {
  readonly engine: Engine
  readonly evictor: Evictor
  readonly executor: Executor
  readonly replication: Replication
}

/** A key to invalidate. */
export interface Target {
  readonly key: string
  readonly family: FamilyRuntime
  /** Quarantines that end with it. */
  readonly tokens?: readonly string[]
}

interface PlacedWish {
  readonly partition: number
  readonly wish: Wish
}

/** What is to be said, without the reason. */
type PlacedWishes = Omit<Saying, 'reason'>

/** All methods reject with `SP_INVALIDATION_PENDING`, the receipt on it. */
export class Invalidator {
  readonly #parts: InvalidatorParts

  constructor(parts: InvalidatorParts) {
    this.#parts = parts
  }

  /** Drops here before it first waits. */
  async invalidate(targets: readonly Target[], options: InvalidateKeysOptions): Promise<Receipt> {
    const placed = this.#keyWishes(targets, options)
    for (const { family } of targets) family.counters.invalidations++
    const chunks = byPartition(placed).flatMap((group) => inChunks(group, invalidateKeysMax))
    const said = chunks.map((chunk) => {
      return { partition: chunk[0]?.partition ?? 0, wishes: chunk.map(({ wish }) => wish) }
    })
    return this.#say(said, options)
  }

  /** Encoded tags; that of a family clears it. */
  invalidateTags(tags: readonly string[], options: InvalidateOptions): Promise<Receipt> {
    const wishes = tags.map((tag) => ({ kind: 'tag', tag }) as const)
    const chunks = inChunks(wishes, raiseTagsMax)
    const said = chunks.flatMap((chunk) => this.#everywhere(chunk))
    return this.#say(said, options)
  }

  clear(options: InvalidateOptions): Promise<Receipt> {
    return this.#say(this.#everywhere([{ kind: 'floor' }]), options)
  }

  async #say(
    said: readonly PlacedWishes[],
    { reason = '', subject, barrier: hasBarrier = false }: InvalidateOptions,
  ): Promise<Receipt> {
    const { engine, executor, replication } = this.#parts
    const { clock, watchers, settings } = engine
    const startedMs = clock.now()
    const executions = await executor.executeAll(
      said.map((one) => ({ ...one, reason, hasBarrier })),
    )
    const answered = executions.filter(({ reply }) => reply !== undefined)
    const durable = await replication.confirm(answered.map(({ partition }) => partition))
    const told = executions.map((one) => ({ ...one, names: one.wishes.map(nameOfWish) }))
    const receipt = receiptOf(told, { ms: clock.now() - startedMs, durable })
    const { reached, pending, ms } = receipt
    const words = wishesInWords(said.flatMap(({ wishes }) => wishes))
    const what = { ...words, reached, pending, ms, reason, subject }
    watchers.tell({ kind: 'invalidate', via: 'call', origin: settings.service, ...what })
    if (pending.length > 0) throw pendingError(receipt)
    return receipt
  }

  #keyWishes(
    targets: readonly Target[],
    { minVersion }: InvalidateKeysOptions,
  ): readonly PlacedWish[] {
    const { engine, evictor } = this.#parts
    const order = minVersion === undefined ? '' : orderText(minVersion)
    const placed = new Map<string, PlacedWish>()
    for (const { key, family, tokens = [] } of targets) {
      if (minVersion !== undefined && !family.rules.isOrdered) throw noMinVersion(family.name)
      const ask = { ...evictor.askOf(key), tokens, order }
      placed.set(key, { partition: engine.store.partitionOf(key), wish: { kind: 'key', ask } })
    }
    return [...placed.values()]
  }

  #everywhere(wishes: readonly Wish[]): readonly PlacedWishes[] {
    return this.#parts.engine.partitions.map(({ index }) => ({ partition: index, wishes }))
  }
}
