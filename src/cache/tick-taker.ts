/** Tokens that are asked for in one tick, taken from each partition by one script call. */
import { Deferred } from '../base/deferred.ts'
import { type TakeAsk, takeAsksMax } from '../core/contracts/take.ts'
import type { TakeReply } from '../core/token-bucket.ts'
import { Budget } from '../resilience/index.ts'
import type { Engine } from './engine.ts'
import type { Gate } from './gate.ts'

interface Batch {
  readonly asks: TakeAsk[]
  /** Undefined: Redis is down for these. */
  readonly done: Deferred<readonly TakeReply[] | undefined>
}

export class TickTaker {
  readonly #engine: Engine
  readonly #gate: Gate
  /** By partition, until the end of the tick. */
  readonly #batches = new Map<number, Batch>()

  constructor(engine: Engine, gate: Gate) {
    this.#engine = engine
    this.#gate = gate
  }

  /** Undefined: Redis is down for this call. */
  async take(ask: TakeAsk): Promise<TakeReply | undefined> {
    const partition = this.#engine.store.partitionOf(ask.name)
    if (!this.#gate.isOpen(partition)) return undefined
    const batch = this.#open(partition)
    const at = batch.asks.push(ask) - 1
    return (await batch.done.promise)?.[at]
  }

  #open(partition: number): Batch {
    const current = this.#batches.get(partition)
    if (current !== undefined && current.asks.length < takeAsksMax) return current
    const batch: Batch = { asks: [], done: new Deferred() }
    this.#batches.set(partition, batch)
    this.#engine.clock.endOfTick(() => {
      if (this.#batches.get(partition) === batch) this.#batches.delete(partition)
      this.#send(partition, batch).then(
        (replies) => batch.done.resolve(replies),
        (error) => batch.done.reject(error),
      )
    })
    return batch
  }

  #send(partition: number, { asks }: Batch): Promise<readonly TakeReply[] | undefined> {
    const { clock, store, settings } = this.#engine
    const budget = new Budget(clock, settings.budgetMs)
    return this.#gate.write(partition, budget, () => store.take(partition, asks))
  }
}
