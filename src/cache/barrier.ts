/**
 * Waits until no process anywhere serves what was invalidated (PROTOCOL 13, Barrier): every
 * registered one says that it has applied the message, or its trust runs out meanwhile.
 */

import { Deferred } from '../base/deferred.ts'
import { silenceMs } from '../coherence/index.ts'
import type { BarrierAsk, Registered } from '../core/contracts/store.ts'
import type { Acknowledged } from '../core/message.ts'
import type { BarrierReceipt } from '../core/receipt.ts'
import { Budget } from '../resilience/index.ts'
import { type Engine, partitionAt } from './engine.ts'

/** Of one message; whoever begins it ends it. */
export class Barrier {
  readonly ask: BarrierAsk
  readonly #engine: Engine
  readonly #applied = new Set<string>()
  readonly #isThrough = new Deferred<true>()
  #awaited: readonly string[] | undefined

  constructor(engine: Engine) {
    this.ask = { id: engine.chance.token(), process: engine.settings.process }
    this.#engine = engine
  }

  acknowledged(process: string): void {
    this.#applied.add(process)
    this.#settle()
  }

  /** Called at the reply: from then on trust that was gained before can only run out. */
  async pass(partition: number, registered: Registered): Promise<BarrierReceipt> {
    const { clock, settings } = this.#engine
    const startedMs = clock.now()
    const { registry } = partitionAt(this.#engine, partition)
    const waitedFor = registered.members.map(({ process }) => process)
    // Here it is applied already.
    this.#awaited = waitedFor.filter((process) => process !== settings.process)
    const patience = new Budget(clock, silenceMs(settings.trustMs, registered.members))
    // Somebody may be missing in a registry that was lost: then answers alone prove nothing.
    if (registry.isComplete(registered, startedMs)) this.#settle()
    else this.#awaited = undefined
    await patience.wait(this.#isThrough.promise)
    const silent = waitedFor.filter(
      (process) => process !== settings.process && !this.#applied.has(process),
    )
    return { ms: clock.now() - startedMs, waitedFor, silent }
  }

  #settle(): void {
    if (this.#awaited?.every((process) => this.#applied.has(process))) {
      this.#isThrough.resolve(true)
    }
  }
}

/** Those under way: one for each message that somebody waits for. */
export class Barriers {
  readonly #engine: Engine
  readonly #running = new Map<string, Barrier>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  get count(): number {
    return this.#running.size
  }

  begin(): Barrier {
    const barrier = new Barrier(this.#engine)
    this.#running.set(barrier.ask.id, barrier)
    return barrier
  }

  end(barrier: Barrier): void {
    this.#running.delete(barrier.ask.id)
  }

  acknowledged({ barrierId, process }: Omit<Acknowledged, 'kind'>): void {
    this.#running.get(barrierId)?.acknowledged(process)
  }
}

/** Several messages are through when the last one is. */
export function joinBarriers(passed: readonly BarrierReceipt[]): BarrierReceipt {
  return {
    ms: Math.max(0, ...passed.map(({ ms }) => ms)),
    waitedFor: [...new Set(passed.flatMap(({ waitedFor }) => waitedFor))],
    silent: [...new Set(passed.flatMap(({ silent }) => silent))],
  }
}
