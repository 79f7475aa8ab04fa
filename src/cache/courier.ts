/**
 * Delivers the journal: invalidations that could not be executed when they were asked
 * for. Called by the heart before every beat, so before the first read on a connection.
 * Patterns take long and are swept beside the beats; until then nothing that they match
 * is read.
 *
 * A server that refuses is asked again after a pause that grows; a new connection is
 * asked at once.
 */
import { type JournalEntry, type PatternEntry, type Wish, wishKinds } from '../coherence/index.ts'
import { StoreFault, type ToldReply } from '../core/contracts/store.ts'
import { Budget } from '../resilience/index.ts'
import { type Engine, partitionAt } from './engine.ts'
import { internalFault } from './faults.ts'
import type { Keeper } from './keeper.ts'
import { raiseTagsMax, sendWishes } from './send-wishes.ts'

/** Keys in one script call: half a millisecond of the server. */
export const invalidateKeysMax = 250
/** The longest pause after a refusal. */
const pauseMaxMs = 5_000

export type Delivery = 'done' | 'refused' | 'unreachable'

/** Invalidates what a glob matches, in every partition; rejects with `StoreFault`. */
export type Sweep = (pattern: string, reason: string) => Promise<unknown>

/** A server has refused: on this connection it is not asked before that time. */
interface Refusal {
  readonly generation: number | undefined
  readonly pauseMs: number
  readonly untilMs: number
}

interface Sent {
  readonly delivery: Delivery
  readonly reached: number
}

export class Courier {
  readonly #engine: Engine
  readonly #keeper: Keeper
  readonly #sweep: Sweep
  /** By partition; patterns are of none. */
  readonly #refusals = new Map<number | undefined, Refusal>()
  #isSweeping = false

  constructor(engine: Engine, keeper: Keeper, sweep: Sweep) {
    this.#engine = engine
    this.#keeper = keeper
    this.#sweep = sweep
  }

  async deliver(partition: number): Promise<Delivery> {
    const { trust } = partitionAt(this.#engine, partition)
    if (trust.hasOtherPartitions(this.#engine.store.partitions)) return 'refused'
    this.#sweepBeside()
    if (!this.#engine.journal.hasBacklog(partition)) return 'done'
    if (this.#isPausing(partition)) return 'refused'
    const deliveries: Delivery[] = []
    for (const kind of wishKinds) {
      const delivery = await this.#deliverAll(partition, kind)
      if (delivery === 'unreachable') return delivery
      deliveries.push(delivery)
    }
    if (!deliveries.includes('refused')) this.#refusals.delete(partition)
    else this.#pause(partition)
    return deliveries.includes('refused') ? 'refused' : 'done'
  }

  /** All of one kind, until one is not taken. */
  async #deliverAll(partition: number, kind: Wish['kind']): Promise<Delivery> {
    const count = kind === 'key' ? invalidateKeysMax : raiseTagsMax
    for (;;) {
      const entries = this.#engine.journal.next(partition, kind, count)
      if (entries.length === 0) return 'done'
      const startedMs = this.#engine.clock.now()
      const { delivery, reached } = await this.#attempt(partition, () =>
        this.#send(partition, entries),
      )
      if (delivery !== 'done') return delivery
      const ms = this.#engine.clock.now() - startedMs
      this.#keeper.executed(partition, entries, { reached, ms })
    }
  }

  /** Entries of one kind. */
  #send(partition: number, entries: readonly JournalEntry[]): Promise<ToldReply> {
    const reason = entries[0]?.reason ?? ''
    const wishes = entries.map(({ wish }) => wish)
    return sendWishes(this.#engine, { partition, wishes, reason })
  }

  #sweepBeside(): void {
    const { journal, tasks } = this.#engine
    if (this.#isSweeping || journal.nextPattern() === undefined) return
    if (this.#isPausing(undefined)) return
    this.#isSweeping = true
    tasks.run(
      this.#sweepAll().finally(() => {
        this.#isSweeping = false
      }),
    )
  }

  async #sweepAll(): Promise<void> {
    for (;;) {
      const entry = this.#engine.journal.nextPattern()
      if (entry === undefined) return
      if (!(await this.#sweepOne(entry))) return
      this.#refusals.delete(undefined)
    }
  }

  async #sweepOne(entry: PatternEntry): Promise<boolean> {
    const { clock } = this.#engine
    const startedMs = clock.now()
    try {
      await this.#sweep(entry.pattern, entry.reason)
    } catch (error) {
      if (!(error instanceof StoreFault)) this.#report(error)
      if (!(error instanceof StoreFault) || error.kind === 'refused') this.#pause(undefined)
      return false
    }
    this.#keeper.patternExecuted(entry, { reached: 0, ms: clock.now() - startedMs })
    return true
  }

  #isPausing(partition: number | undefined): boolean {
    const refusal = this.#refusals.get(partition)
    if (refusal === undefined || refusal.generation !== this.#generation(partition)) return false
    return this.#engine.clock.now() < refusal.untilMs
  }

  #pause(partition: number | undefined): void {
    const { clock, chance, settings } = this.#engine
    const generation = this.#generation(partition)
    const known = this.#refusals.get(partition)
    const beforeMs = known?.generation === generation ? known?.pauseMs : undefined
    const pauseMs = Math.min((beforeMs ?? settings.trustMs / 3) * 2, pauseMaxMs)
    // Processes that were refused together don't come back together.
    const untilMs = clock.now() + pauseMs * (1 + chance.unit()) * 0.5
    this.#refusals.set(partition, { generation, pauseMs, untilMs })
  }

  #generation(partition: number | undefined): number | undefined {
    const { store } = this.#engine
    return partition === undefined ? undefined : store.connectedOf(partition)?.generation
  }

  #report(cause: unknown): void {
    this.#engine.watchers.tell({ kind: 'fault', error: internalFault(cause) })
  }

  async #attempt(partition: number, step: () => Promise<ToldReply>): Promise<Sent> {
    const { clock, settings } = this.#engine
    try {
      const reply = await new Budget(clock, settings.trustMs).wait(step())
      if (reply !== undefined) return { delivery: 'done', reached: reply.receivers }
    } catch (error) {
      // Anything else is a fault of ours: it must not keep the beat from being sent.
      if (!(error instanceof StoreFault)) this.#report(error)
      if (!(error instanceof StoreFault) || error.kind === 'refused') {
        return { delivery: 'refused', reached: 0 }
      }
    }
    partitionAt(this.#engine, partition).breaker.failed()
    return { delivery: 'unreachable', reached: 0 }
  }
}
