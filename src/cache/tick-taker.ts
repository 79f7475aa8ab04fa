/** Tokens that are asked for in one tick, taken from each partition by one script call. */
import { Deferred } from '../base/deferred.ts'
import { type TakeAsk, takeAsksMax } from '../core/contracts/take.ts'
import type { TakeReply } from '../core/token-bucket.ts'
import { Budget } from '../resilience/index.ts'
import type { Engine } from './engine.ts'
import type { Gate } from './gate.ts'
import { TickBatches } from './tick-batches.ts'

interface Batch {
  readonly partition: number
  readonly asks: TakeAsk[]
  /** Undefined: Redis is down for these. */
  readonly done: Deferred<readonly TakeReply[] | undefined>
}

export class TickTaker {
  readonly #engine: Engine
  readonly #gate: Gate
  readonly #batches: TickBatches<Batch, number>

  constructor(engine: Engine, gate: Gate) {
    this.#engine = engine
    this.#gate = gate
    this.#batches = new TickBatches(engine.clock, {
      takes: ({ partition, asks }, wanted) => partition === wanted && asks.length < takeAsksMax,
      make: (partition) => ({ partition, asks: [], done: new Deferred() }),
      send: (batch) => batch.done.resolve(this.#send(batch)),
    })
  }

  /** Undefined: Redis is down for this call. */
  async take(ask: TakeAsk): Promise<TakeReply | undefined> {
    const partition = this.#engine.store.partitionOf(ask.name)
    if (!this.#gate.isOpen(partition)) return undefined
    const batch = this.#batches.of(partition)
    const at = batch.asks.push(ask) - 1
    return (await batch.done.promise)?.[at]
  }

  #send({ partition, asks }: Batch): Promise<readonly TakeReply[] | undefined> {
    const { clock, store, settings } = this.#engine
    const budget = new Budget(clock, settings.budgetMs)
    return this.#gate.write(partition, budget, () => store.take(partition, asks))
  }
}
