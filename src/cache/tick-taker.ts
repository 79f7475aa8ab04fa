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
  readonly #batches: TickBatches<Batch>

  constructor(engine: Engine, gate: Gate) {
    this.#engine = engine
    this.#gate = gate
    const send = (batch: Batch) => batch.done.resolve(this.#send(batch))
    this.#batches = new TickBatches(engine.clock, send)
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
    return this.#batches.of(
      (batch) => batch.partition === partition && batch.asks.length < takeAsksMax,
      () => ({ partition, asks: [], done: new Deferred() }),
    )
  }

  #send({ partition, asks }: Batch): Promise<readonly TakeReply[] | undefined> {
    const { clock, store, settings } = this.#engine
    const budget = new Budget(clock, settings.budgetMs)
    return this.#gate.write(partition, budget, () => store.take(partition, asks))
  }
}
