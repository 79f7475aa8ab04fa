/**
 * Carries out invalidations of keys, tags or everything in one partition, all alike:
 *
 *   one script that empties, counts and publishes ──▶ dropped here ──▶ answered, dropped again
 *     └─ not executed in time: kept for later, and never claimed
 *
 * What several calls ask for is said together (`coalescer.ts`), except at barriers.
 *
 * Of a group nobody knows which keys are in it. At the call it is enough that no load under
 * way is shared any longer: what memory serves until the reply is read during the call. The
 * reply brings the clock, against which memory checks everything that it serves from then on.
 */
import { type BarrierAsk, StoreFault, type ToldReply } from '../core/contracts/store.ts'
import type { BarrierReceipt } from '../core/receipt.ts'
import { Budget } from '../resilience/index.ts'
import type { Barrier, Barriers } from './barrier.ts'
import { byPartition, inChunks } from './by-partition.ts'
import { Coalescer } from './coalescer.ts'
import { type Engine, partitionAt } from './engine.ts'
import type { Evictor } from './evictor.ts'
import type { Keeper } from './keeper.ts'
import { type Saying, sendWishes } from './send-wishes.ts'

/** Script calls of one partition under way at once, of one invalidation. */
const atOnceMax = 4

export interface ExecutorParts {
  readonly engine: Engine
  readonly evictor: Evictor
  readonly keeper: Keeper
  readonly barriers: Barriers
}

export interface AwaitedSaying extends Saying {
  /** True: everybody is waited for. */
  readonly hasBarrier: boolean
}

/** What became of it; without a reply it is pending. */
export interface Execution extends Pick<Saying, 'partition' | 'wishes'> {
  readonly stamp: string | undefined
  readonly reply: ToldReply | undefined
  readonly barrier: BarrierReceipt | undefined
}

type Said = Omit<Execution, 'partition' | 'wishes'>
type Reply = Awaited<ReturnType<typeof sendWishes>>

export class Executor {
  readonly #parts: ExecutorParts
  readonly #coalescer: Coalescer<Said>

  constructor(parts: ExecutorParts) {
    this.#parts = parts
    const { clock, settings } = parts.engine
    const { coalesceMs: windowMs } = settings
    this.#coalescer = new Coalescer({ clock, windowMs, carryOut: this.#carryOut })
  }

  /**
   * Drops all here before anybody else has a turn, behind the first command, which leaves the
   * sooner. Each has a budget of its own, so a partition that has much to be told is told a few
   * at a time.
   */
  executeAll(sayings: readonly AwaitedSaying[]): Promise<readonly Execution[]> {
    const first = sayings[0]
    const isAlone = first !== undefined && sayings.length === 1
    const executed = isAlone
      ? this.#execute(first).then((one) => [one])
      : this.#executeInLanes(sayings)
    for (const saying of sayings) this.#dropHere(saying)
    return executed
  }

  /** What waits to be said together is sent now: of one partition, or of all. */
  hurry(partition?: number): void {
    this.#coalescer.hurry(partition)
  }

  async #executeInLanes(sayings: readonly AwaitedSaying[]): Promise<readonly Execution[]> {
    const lanes = byPartition(sayings).map((group) => this.#executeInTurn(group))
    return (await Promise.all(lanes)).flat()
  }

  async #executeInTurn(group: readonly AwaitedSaying[]): Promise<readonly Execution[]> {
    const executions: Execution[] = []
    for (const some of inChunks(group, atOnceMax)) {
      executions.push(...(await Promise.all(some.map((one) => this.#execute(one)))))
    }
    return executions
  }

  #execute(saying: AwaitedSaying): Promise<Execution> {
    const { partition, wishes, hasBarrier } = saying
    const said = hasBarrier ? this.#passBarrier(saying) : this.#coalescer.say(saying)
    return said.then((one) => ({ partition, wishes, ...one }))
  }

  /** Each has a message of its own: who has applied it has applied those before. */
  async #passBarrier(saying: Saying): Promise<Said> {
    const { barriers } = this.#parts
    this.hurry(saying.partition)
    const barrier = barriers.begin()
    try {
      return await this.#carryOut(saying, barrier)
    } finally {
      barriers.end(barrier)
    }
  }

  readonly #carryOut = async (saying: Saying, barrier?: Barrier): Promise<Said> => {
    const { engine, keeper } = this.#parts
    const { partition, wishes } = saying
    const stamp = engine.store.connectedOf(partition)?.stamp
    const sent = this.#send(saying, barrier?.ask)
    const reply = await this.#patience(partition).wait(sent)
    this.#dropHere(saying)
    if (reply === undefined) {
      await keeper.keep({ ...saying, sent })
      return { stamp, reply, barrier: undefined }
    }
    if (reply.clock !== undefined) this.#raise(saying, reply, reply.clock)
    keeper.acknowledged({ partition, wishes })
    const passed = await barrier?.pass(partition, reply.registered ?? { birth: '', members: [] })
    return { stamp, reply, barrier: passed }
  }

  #dropHere({ partition, wishes }: Saying): void {
    const { engine, evictor } = this.#parts
    for (const wish of wishes) {
      if (wish.kind === 'key') evictor.evict(wish.ask.key)
      else engine.flights.closePartition(partition)
    }
  }

  /** Clocks of another epoch than was last heard of can't be compared: all held is a suspect. */
  #raise({ partition, wishes }: Saying, { epoch }: ToldReply, clock: number): void {
    const { trust, groups } = partitionAt(this.#parts.engine, partition)
    trust.heard({ epoch, seq: undefined })
    for (const wish of wishes) {
      if (wish.kind === 'tag') groups.raiseTag(wish.tag, clock)
      else groups.raiseFloor(clock)
    }
  }

  /** With the breaker open nobody waits: the answer is taken whenever it comes. */
  #patience(partition: number): Budget {
    const { engine } = this.#parts
    const isOpen = partitionAt(engine, partition).breaker.isOpen
    return new Budget(engine.clock, isOpen ? 0 : engine.settings.budgetMs)
  }

  /**
   * Undefined: not executed, as far as we know. No proof is needed: a server that is no
   * longer primary refuses. It is sent even if nobody will wait for the answer.
   */
  async #send(saying: Saying, barrier: BarrierAsk | undefined): Promise<Reply | undefined> {
    const { engine } = this.#parts
    const { redis, store } = engine
    const { trust } = partitionAt(engine, saying.partition)
    if (trust.hasOtherPartitions(store.partitions)) return undefined
    const startedMs = redis.began()
    let reply: Reply | undefined
    try {
      reply = await sendWishes(engine, saying, barrier)
      return reply
    } catch (error) {
      if (error instanceof StoreFault) return undefined
      throw error
    } finally {
      redis.ended('invalidate', startedMs, reply !== undefined)
    }
  }
}
