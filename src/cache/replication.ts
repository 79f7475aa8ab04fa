/**
 * Waits for replicas to have what was invalidated (PROTOCOL 3.4, `WAIT`), where
 * `durability` asks for it. Too few of them make nothing fail: the receipt says so, and
 * the invalidation is said again after a failover as any other.
 *
 * WAIT holds up everything behind it on its connection, so one runs at a time, for all
 * calls that were answered before it was sent; and after one that found too few, calls
 * are told so without asking for a while.
 */
import type { DurabilityAsk } from '../core/contracts/store.ts'
import { StoreFault } from '../core/contracts/store.ts'
import { Budget } from '../resilience/index.ts'
import type { Engine } from './engine.ts'
import { notReplicated } from './faults.ts'

/** One WAIT under way, and the one that follows for those who have come since. */
interface Waiting {
  readonly current: Promise<number>
  next: Promise<number> | undefined
}

export class Replication {
  readonly #engine: Engine
  readonly #ask: DurabilityAsk | undefined
  /** By partition. */
  readonly #waiting = new Map<number, Waiting>()
  /** Until when a partition counts as without replicas. */
  readonly #shortUntilMs = new Map<number, number>()

  constructor(engine: Engine, ask: DurabilityAsk | undefined) {
    this.#engine = engine
    this.#ask = ask
  }

  /** Of partitions that have just executed something. Undefined: nobody asked for it. */
  async confirm(partitions: readonly number[]): Promise<boolean | undefined> {
    const ask = this.#ask
    if (ask === undefined) return undefined
    if (partitions.length === 0) return false
    const distinct = [...new Set(partitions)]
    const counts = await Promise.all(distinct.map((partition) => this.#count(partition, ask)))
    const fewest = Math.min(...counts)
    if (fewest >= ask.replicas) return true
    this.#engine.delivery.notReplicated++
    this.#engine.watchers.tell({ kind: 'fault', error: notReplicated(ask, fewest) })
    return false
  }

  /** Replicas that have acknowledged in time. */
  #count(partition: number, ask: DurabilityAsk): Promise<number> {
    const isShort = this.#engine.clock.now() < (this.#shortUntilMs.get(partition) ?? 0)
    if (isShort) return Promise.resolve(0)
    const waiting = this.#waiting.get(partition)
    if (waiting === undefined) return this.#begin(partition, ask)
    waiting.next ??= waiting.current.then(() => this.#begin(partition, ask))
    return waiting.next
  }

  #begin(partition: number, ask: DurabilityAsk): Promise<number> {
    const current = this.#wait(partition, ask)
    const waiting: Waiting = { current, next: undefined }
    this.#waiting.set(partition, waiting)
    const end = () => {
      if (waiting.next === undefined) this.#waiting.delete(partition)
    }
    current.then(end, end)
    return current
  }

  async #wait(partition: number, ask: DurabilityAsk): Promise<number> {
    const { clock, settings, store } = this.#engine
    const budget = new Budget(clock, ask.timeoutMs + settings.budgetMs)
    let count = 0
    try {
      count = (await budget.wait(store.replicated(partition, ask))) ?? 0
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error
    }
    if (count < ask.replicas) {
      this.#shortUntilMs.set(partition, clock.now() + settings.trustMs)
    }
    return count
  }
}
