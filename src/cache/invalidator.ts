/**
 * Invalidates keys, tags, families and everything (PROTOCOL 3.4, 4): says it to each
 * partition concerned, makes the receipt and tells observers. What could not be executed
 * everywhere is pending, and the call rejects.
 */
import { nameOfWish, type Wish, wishesInWords } from '../coherence/index.ts'
import type { MemoryId } from '../core/contracts/memory.ts'
import type { InvalidateKeysOptions, InvalidateOptions } from '../core/handle.ts'
import { orderText } from '../core/order.ts'
import type { Receipt } from '../core/receipt.ts'
import { askOf } from './ask-of.ts'
import { byPartition, inChunks } from './by-partition.ts'
import { invalidateKeysMax } from './courier.ts'
import type { Engine } from './engine.ts'
import type { Evictor } from './evictor.ts'
import type { AwaitedSaying, Executor } from './executor.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { noMinVersion, pendingError } from './faults.ts'
import { receiptOf } from './receipt.ts'
import type { Replication } from './replication.ts'
import { raiseTagsMax } from './send-wishes.ts'

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
  /** If it is known to who made the text of the key. */
  readonly memoryId?: MemoryId
  /** Quarantines that end with it. */
  readonly tokens?: readonly string[]
}

interface KeySaying extends AwaitedSaying {
  readonly wishes: readonly [Wish & { readonly kind: 'key' }]
}

/** All methods reject with `SP_INVALIDATION_PENDING`, the receipt on it. */
export class Invalidator {
  readonly #parts: InvalidatorParts

  constructor(parts: InvalidatorParts) {
    this.#parts = parts
  }

  /** Drops here before it first waits. */
  invalidate(targets: readonly Target[], options: InvalidateKeysOptions): Promise<Receipt> {
    const sayings: KeySaying[] = []
    for (const target of targets) sayings.push(this.#sayingOf(target, options))
    for (const { family } of targets) family.counters.invalidations++
    return this.#say(sayings.length === 1 ? sayings : inGroups(sayings), options)
  }

  /** Encoded tags; that of a family clears it. */
  invalidateTags(tags: readonly string[], options: InvalidateOptions): Promise<Receipt> {
    const wishes = tags.map((tag) => ({ kind: 'tag', tag }) as const)
    const chunks = inChunks(wishes, raiseTagsMax)
    const sayings = chunks.flatMap((chunk) => this.#everywhere(chunk, options))
    return this.#say(sayings, options)
  }

  clear(options: InvalidateOptions): Promise<Receipt> {
    return this.#say(this.#everywhere([{ kind: 'floor' }], options), options)
  }

  async #say(
    sayings: readonly AwaitedSaying[],
    { reason = '', subject }: InvalidateOptions,
  ): Promise<Receipt> {
    const { engine, executor, replication } = this.#parts
    const { clock, watchers, settings } = engine
    const startedMs = clock.now()
    const executions = await executor.executeAll(sayings)
    const answered = executions.filter(({ reply }) => reply !== undefined)
    const durable = await replication.confirm(answered.map(({ partition }) => partition))
    const told = executions.map((one) => ({ ...one, names: one.wishes.map(nameOfWish) }))
    const receipt = receiptOf(told, { ms: clock.now() - startedMs, durable })
    const { reached, pending, ms } = receipt
    const words = wishesInWords(sayings.flatMap(({ wishes }) => wishes))
    const what = { ...words, reached, pending, ms, reason, subject }
    watchers.tell({ kind: 'invalidate', via: 'call', origin: settings.service, ...what })
    if (pending.length > 0) throw pendingError(receipt)
    return receipt
  }

  #sayingOf(
    { key, family, memoryId, tokens = [] }: Target,
    { minVersion, reason = '', barrier: hasBarrier = false }: InvalidateKeysOptions,
  ): KeySaying {
    const { engine, evictor } = this.#parts
    const { rules } = family
    if (minVersion !== undefined && !rules.isOrdered) throw noMinVersion(family.name)
    if (memoryId !== undefined) evictor.know(key, { family, memoryId })
    const order = minVersion === undefined ? '' : orderText(minVersion)
    const ask = askOf(key, rules, { order, tokens })
    const partition = engine.store.partitionOf(key)
    return { partition, wishes: [{ kind: 'key', ask }], reason, hasBarrier }
  }

  #everywhere(
    wishes: readonly Wish[],
    { reason = '', barrier: hasBarrier = false }: InvalidateOptions,
  ): readonly AwaitedSaying[] {
    const { partitions } = this.#parts.engine
    return partitions.map(({ index }) => ({ partition: index, wishes, reason, hasBarrier }))
  }
}

/** Each key once: what was asked for it last. */
function inGroups(sayings: readonly KeySaying[]): readonly AwaitedSaying[] {
  const byKey = new Map(sayings.map((one) => [one.wishes[0].ask.key, one]))
  const chunks = byPartition([...byKey.values()]).flatMap((group) => {
    return inChunks(group, invalidateKeysMax)
  })
  return chunks.flatMap((chunk) => {
    const [first] = chunk
    return first === undefined ? [] : [{ ...first, wishes: chunk.flatMap(({ wishes }) => wishes) }]
  })
}
