/**
 * Keys that something has happened to (SPEC A4): a trade, and the price that was calm for
 * minutes moves every second. For a while their values live a shorter TTL, those that are held
 * at once. Other processes are told on the bus. Should the message be lost, their values live
 * as long as they would have: this is about load and freshness, never about coherence.
 */
import { Budget } from '../resilience/index.ts'
import { byPartition, inChunks } from './by-partition.ts'
import type { Engine } from './engine.ts'
import type { Locate } from './evictor.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { noActivity } from './faults.ts'
import type { Gate } from './gate.ts'

/** Keys in one message. */
const keysMax = 200

export interface ActivityParts {
  readonly engine: Engine
  readonly gate: Gate
  readonly locate: Locate
}

export class Activity {
  readonly #parts: ActivityParts

  constructor(parts: ActivityParts) {
    this.#parts = parts
  }

  /** Resolves when the others have been told, or could not be. Throws for a wrong id. */
  async mark(family: FamilyRuntime, ids: readonly unknown[]): Promise<void> {
    if (family.rules.lives.activity === undefined) throw noActivity(family.name)
    const { store } = this.#parts.engine
    const places = Array.from(ids, (id) => {
      const key = family.keyText(id)
      return { id, key, partition: store.partitionOf(key) }
    })
    for (const { id, key } of places) this.#mark(family, id, key)
    await Promise.all(
      byPartition(places).map(async (group) => {
        for (const batch of inChunks(group, keysMax)) await this.#tell(batch)
      }),
    )
  }

  /** Others, or this process itself, have said so. */
  heard(keys: readonly string[]): void {
    for (const key of keys) {
      const place = this.#parts.locate(key)
      if (place !== undefined) this.#mark(place.family, place.id, key)
    }
  }

  #mark(family: FamilyRuntime, id: unknown, key: string): void {
    const { lifetimes, region, rules } = family
    const { activity } = rules.lives
    if (activity === undefined) return
    const nowMs = this.#parts.engine.clock.now()
    lifetimes.hot.mark(key, nowMs + activity.forMs)
    const memoryId = family.memoryId(id)
    const entry = region.get(memoryId)
    const span = entry && lifetimes.shorten(entry, key)
    if (entry !== undefined && span !== undefined)
      region.put(memoryId, { ...entry, ...span }, nowMs)
  }

  async #tell(
    batch: readonly { readonly key: string; readonly partition: number }[],
  ): Promise<void> {
    const { engine, gate } = this.#parts
    const { store, clock, settings } = engine
    const partition = batch[0]?.partition ?? 0
    const keys = batch.map(({ key }) => key)
    const request = { keys, origin: settings.process, reason: 'activity' }
    const budget = new Budget(clock, settings.budgetMs)
    await gate.write(partition, budget, () => store.tellActive(partition, request))
  }
}
