/**
 * The way to the second tier: nothing is asked while the breaker is open, no answer
 * counts without proof (PROTOCOL 3.2, Proof), and no call waits beyond its budget.
 * A step that can't be taken gives undefined: the second tier is down for this call.
 */
import { StoreFault } from '../core/contracts/store.ts'
import type { RedisOperation } from '../core/outcome.ts'
import type { Budget } from '../resilience/index.ts'
import { type Engine, partitionAt } from './engine.ts'
import type { Heart } from './heart.ts'

export class Gate {
  readonly #engine: Engine
  readonly #heart: Heart
  readonly #operation: RedisOperation

  /** `operation`: what passes through this one. */
  constructor(engine: Engine, heart: Heart, operation: RedisOperation) {
    this.#engine = engine
    this.#heart = heart
    this.#operation = operation
  }

  isOpen(partition: number): boolean {
    const { store } = this.#engine
    const { trust, breaker } = partitionAt(this.#engine, partition)
    if (store.connectedOf(partition) === undefined) return false
    if (breaker.isOpen) {
      breaker.refused()
      return false
    }
    return !trust.hasOtherPartitions(store.partitions)
  }

  /**
   * Takes a step that reads. If proof has run out when the answer comes, it is
   * proven again and the step repeated once.
   */
  async read<T>(partition: number, budget: Budget, step: () => Promise<T>): Promise<T | undefined> {
    const proven = this.#isProven(partition, budget)
    if (!(proven instanceof Promise ? await proven : proven)) return undefined
    const reply = await this.#take(partition, budget, step)
    if (reply === undefined || this.#hasProof(partition)) return reply
    if (!(await this.#isProven(partition, budget))) return undefined
    const second = await this.#take(partition, budget, step)
    return this.#hasProof(partition) ? second : undefined
  }

  /**
   * Takes a step that writes: its effect is judged on the server, so it is not
   * repeated. A beat sent after it on the same connection proves the answer too.
   *
   * With proof at hand it is taken at once: what is asked for behind it leaves behind it.
   */
  async write<T>(
    partition: number,
    budget: Budget,
    step: () => Promise<T>,
  ): Promise<T | undefined> {
    const proven = this.#isProven(partition, budget)
    if (!(proven instanceof Promise ? await proven : proven)) return undefined
    const generation = this.#engine.store.connectedOf(partition)?.generation
    const reply = await this.#take(partition, budget, step)
    if (reply === undefined || this.#hasProof(partition)) return reply
    if (!(await this.#isProven(partition, budget))) return undefined
    return this.#engine.store.connectedOf(partition)?.generation === generation ? reply : undefined
  }

  #hasProof(partition: number): boolean {
    const { trust } = partitionAt(this.#engine, partition)
    return trust.isProven(this.#engine.clock.now())
  }

  /** A promise only where proof has to be got. */
  #isProven(partition: number, budget: Budget): boolean | Promise<boolean> {
    if (!this.isOpen(partition)) return false
    return this.#hasProof(partition) || this.#prove(partition, budget)
  }

  async #prove(partition: number, budget: Budget): Promise<boolean> {
    const { clock, settings } = this.#engine
    const { breaker } = partitionAt(this.#engine, partition)
    const startedMs = clock.now()
    const proven = await budget.wait(this.#heart.prove(partition))
    // A caller has waited in vain; the beat itself is given more time before it counts.
    if (proven !== true && clock.now() - startedMs > settings.budgetMs / 4) breaker.failed()
    return proven === true
  }

  async #take<T>(
    partition: number,
    budget: Budget,
    step: () => Promise<T>,
  ): Promise<T | undefined> {
    const { clock, settings, redis } = this.#engine
    const { breaker } = partitionAt(this.#engine, partition)
    if (budget.isSpent) return undefined
    const startedMs = redis.began()
    let reply: T | undefined
    try {
      reply = await budget.wait(step())
      if (reply !== undefined) breaker.succeeded()
      // The rest of a budget that others have used up says little about the server.
      else if (clock.now() - startedMs > settings.budgetMs / 2) breaker.failed()
      return reply
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error
      if (error.kind !== 'refused') breaker.failed()
      return undefined
    } finally {
      redis.ended(this.#operation, startedMs, reply !== undefined)
    }
  }
}
