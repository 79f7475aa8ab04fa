/**
 * Looks at a slot and its groups without changing anything, and without being counted as a
 * read: for `explain` and shadow reads. Its header is enough.
 */
import type { Inspected, Surroundings } from '../coherence/index.ts'
import type { ReadReply } from '../core/contracts/store.ts'
import { parseHead } from '../core/slot.ts'
import { Budget } from '../resilience/index.ts'
import { type Engine, partitionAt } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { Gate } from './gate.ts'

export interface SlotInquiry {
  readonly id: unknown
  readonly key: string
  /** Whose clocks are wanted besides those that the slot names. */
  readonly tags: readonly string[]
}

export class SlotInspector {
  readonly #engine: Engine
  readonly #gate: Gate

  constructor(engine: Engine, gate: Gate) {
    this.#engine = engine
    this.#gate = gate
  }

  /** Undefined: Redis can't be asked now, or gave no answer that counts. */
  async inspect(family: FamilyRuntime, inquiry: SlotInquiry): Promise<Inspected | undefined> {
    const { id, key } = inquiry
    const budget = new Budget(this.#engine.clock, this.#engine.settings.budgetMs)
    const tags = new Set([...family.tagsBefore(id), ...inquiry.tags])
    const first = await this.#read(family, { key, tags: [...tags] }, budget)
    if (first === undefined || typeof first.slot === 'string') return first
    if (first.slot.kind !== 'value') return first
    const unknown = first.slot.meta.tags.filter((tag) => !tags.has(tag))
    if (unknown.length === 0) return first
    return this.#read(family, { key, tags: [...tags, ...unknown] }, budget)
  }

  async #read(
    family: FamilyRuntime,
    { key, tags }: Omit<SlotInquiry, 'id'>,
    budget: Budget,
  ): Promise<Inspected | undefined> {
    const { store } = this.#engine
    const partition = store.partitionOf(key)
    const reply = await this.#gate.read(partition, budget, () =>
      store.read(partition, { keys: [], heads: [key], tags }),
    )
    if (reply === undefined) return undefined
    const stamp = partitionAt(this.#engine, partition).trust.stamp ?? ''
    const around = surroundingsOf(reply, tags)
    return { slot: slotIn(reply), around: { ...around, stamp, schema: family.version } }
  }
}

function slotIn({ heads: [head] }: ReadReply): Inspected['slot'] {
  return head === undefined ? 'absent' : (parseHead(head) ?? 'damaged')
}

function surroundingsOf(
  { epoch, floor, serverMs, tagClocks }: ReadReply,
  tags: readonly string[],
): Omit<Surroundings, 'stamp' | 'schema'> {
  const clocks = new Map(tags.map((tag, at) => [tag, tagClocks[at] ?? 0]))
  return { epoch, floor, serverMs, tagClock: (tag) => clocks.get(tag) }
}
