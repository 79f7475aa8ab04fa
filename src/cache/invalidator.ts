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
import { byPartition, inChunks } from './by-partition.ts'
import { invalidateKeysMax } from './courier.ts'
import type { Engine } from './engine.ts'
import type { Evictor } from './evictor.ts'
import type { AwaitedSaying, Executor } from './executor.ts'
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
  /** If it is known to who made the text of the key. */
  readonly memoryId?: MemoryId
  /** Quarantines that end with it. */
  readonly tokens?: readonly string[]
}

/** What is to be said, without the reason. */
type PlacedWishes = Omit<Saying, 'reason'>

interface PlacedKey {
  readonly partition: number
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
    const placed: PlacedKey[] = []
    for (const target of targets) placed.push(this.#placed(target, options))
    for (const { family } of targets) family.counters.invalidations++
    return this.#say(placed.length === 1 ? placed : inGroups(placed), options)
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
    const sayings: AwaitedSaying[] = []
    for (const { partition, wishes } of said)
      sayings.push({ partition, wishes, reason, hasBarrier })
    const executions = await executor.executeAll(sayings)
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

  #placed(
    { key, family, memoryId, tokens = [] }: Target,
    { minVersion }: InvalidateKeysOptions,
  ): PlacedKey {
    const { engine, evictor } = this.#parts
    if (minVersion !== undefined && !family.rules.isOrdered) throw noMinVersion(family.name)
    if (memoryId !== undefined) evictor.know(key, { family, memoryId })
    const order = minVersion === undefined ? '' : orderText(minVersion)
    const ask = evictor.askOf(key, { order, tokens })
    return { partition: engine.store.partitionOf(key), wishes: [{ kind: 'key', ask }] }
  }

  #everywhere(wishes: readonly Wish[]): readonly PlacedWishes[] {
    return this.#parts.engine.partitions.map(({ index }) => ({ partition: index, wishes }))
  }
}

/** Each key once: what was asked for it last. */
function inGroups(placed: readonly PlacedKey[]): readonly PlacedWishes[] {
  const byKey = new Map(placed.map((one) => [one.wishes[0].ask.key, one]))
  const chunks = byPartition([...byKey.values()]).flatMap((group) => {
    return inChunks(group, invalidateKeysMax)
  })
  return chunks.map((chunk) => {
    return { partition: chunk[0]?.partition ?? 0, wishes: chunk.flatMap(({ wishes }) => wishes) }
  })
}
