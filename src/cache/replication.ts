/**
 * Waits for replicas to have what was invalidated (PROTOCOL 3.4, `WAIT`), where
 * `durability` asks for it. Too few of them make nothing fail: the receipt says so, and
 * the invalidation is said again after a failover as any other.
 */
import type { DurabilityAsk } from '../core/contracts/store.ts'
import { StoreFault } from '../core/contracts/store.ts'
import { Budget } from '../resilience/index.ts'
import type { Engine } from './engine.ts'
import { notReplicated } from './faults.ts'

export class Replication {
  readonly #engine: Engine
  readonly #ask: DurabilityAsk | undefined

  constructor(engine: Engine, ask: DurabilityAsk | undefined) {
    this.#engine = engine
    this.#ask = ask
  }

  /** Of partitions that have just executed something. Undefined: nobody asked for it. */
  async confirm(partitions: readonly number[]): Promise<boolean | undefined> {
    const ask = this.#ask
    if (ask === undefined) return undefined
    const distinct = [...new Set(partitions)]
    const counts = await Promise.all(distinct.map((partition) => this.#count(partition, ask)))
    const fewest = Math.min(...counts)
    if (fewest >= ask.replicas) return counts.length > 0
    this.#engine.delivery.notReplicated++
    this.#engine.watchers.tell({ kind: 'fault', error: notReplicated(ask, fewest) })
    return false
  }

  /** Replicas that have acknowledged in time. */
  async #count(partition: number, ask: DurabilityAsk): Promise<number> {
    const { clock, settings, store } = this.#engine
    const budget = new Budget(clock, ask.timeoutMs + settings.budgetMs)
    try {
      return (await budget.wait(store.replicated(partition, ask))) ?? 0
    } catch (error) {
      if (error instanceof StoreFault) return 0
      throw error
    }
  }
}
