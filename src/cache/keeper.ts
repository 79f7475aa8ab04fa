/**
 * Keeps invalidations that could not be executed when they were asked for: in the
 * journal, on disk where there is one, and out of the reach of memory; and notes those
 * that were, so that they can be said again to a server that has lost them.
 */
import {
  type JournalEntry,
  type JournalRecord,
  type PatternEntry,
  wishesInWords,
} from '../coherence/index.ts'
import type { ToldReply } from '../core/contracts/store.ts'
import type { InvalidateEvent } from '../core/outcome.ts'
import { Budget } from '../resilience/index.ts'
import { type Engine, partitionAt } from './engine.ts'
import type { Evictor } from './evictor.ts'
import { journalLate } from './faults.ts'
import type { Saying } from './send-wishes.ts'
import type { Spooler } from './spooler.ts'

export interface KeeperParts {
  readonly engine: Engine
  readonly evictor: Evictor
  readonly spooler: Spooler
}

/** What could not be executed within its budget. */
export interface Unsent extends Saying {
  /**
   * The request, should it be executed late; undefined in it: it was not. Never rejects.
   */
  readonly sent: Promise<ToldReply | undefined> | undefined
}

/** What an execution came to, for those who are told. */
export interface Effect {
  readonly reached: number
  readonly ms: number
}

export class Keeper {
  readonly #parts: KeeperParts

  constructor(parts: KeeperParts) {
    this.#parts = parts
  }

  /** Pending at once; on disk, where there is one, when it resolves, or reported. Never rejects. */
  keep({ partition, wishes, reason, sent }: Unsent): Promise<void> {
    const { engine } = this.#parts
    const sinceMs = engine.clock.wallMs()
    const entries = wishes.map((wish): JournalEntry => {
      return engine.journal.add(partition, { wish, reason, sinceMs, via: 'retry' })
    })
    // Which entries carry a tag is not asked: each is proven again before it is served.
    const isGroup = wishes.some(({ kind }) => kind !== 'key')
    if (isGroup) partitionAt(engine, partition).trust.lose('pending')
    if (sent !== undefined) {
      engine.tasks.run(
        sent.then((reply) => {
          // An entry that was merged with another wish stands for more than was executed.
          const executed = entries.filter((entry, index) => entry.wish === wishes[index])
          if (reply === undefined) return
          this.executed(partition, executed, { reached: reply.receivers, ms: 0 })
        }),
      )
    }
    return this.#onDisk(entries.map((entry) => ({ ...entry, partition })))
  }

  /** A pattern that was not swept to its end. Those who ask have evicted what it matches. */
  keepPattern({ pattern, reason }: Omit<PatternEntry, 'sinceMs'>): Promise<void> {
    const { engine } = this.#parts
    const entry = { pattern, reason, sinceMs: engine.clock.wallMs() }
    engine.journal.addPattern(entry)
    return this.#onDisk([entry])
  }

  /** Executed, as an answer says. */
  acknowledged({ partition, wishes }: Omit<Saying, 'reason'>): void {
    const { engine } = this.#parts
    const { ring } = partitionAt(engine, partition)
    for (const wish of wishes) ring.note(wish, engine.clock.now())
  }

  /** What was pending has been executed. */
  executed(partition: number, entries: readonly JournalEntry[], effect: Effect): void {
    const { engine, evictor, spooler } = this.#parts
    for (const { wish } of entries) if (wish.kind === 'key') evictor.evict(wish.ask.key)
    const ended = engine.journal.delivered(partition, entries)
    this.acknowledged({ partition, wishes: entries.map(({ wish }) => wish) })
    for (const via of ['retry', 'replay'] as const) {
      const those = ended.filter((entry) => entry.via === via)
      engine.delivery[via] += those.length
      this.#tell(via, those, effect)
    }
    spooler.trim()
  }

  patternExecuted(entry: PatternEntry, effect: Effect): void {
    const { engine, spooler } = this.#parts
    engine.journal.patternDelivered(entry)
    engine.delivery.retry++
    this.#announce('retry', { keys: [entry.pattern], tags: [], reason: entry.reason }, effect)
    spooler.trim()
  }

  /** No call waits longer than its budget for a disk that hangs. */
  async #onDisk(records: readonly JournalRecord[]): Promise<void> {
    const { engine, spooler } = this.#parts
    const { budgetMs } = engine.settings
    const written = spooler.append(records).then(() => true)
    if (await new Budget(engine.clock, budgetMs).wait(written)) return
    engine.watchers.tell({ kind: 'fault', error: journalLate(budgetMs) })
  }

  #tell(via: InvalidateEvent['via'], entries: readonly JournalEntry[], effect: Effect): void {
    const [first] = entries
    if (first === undefined) return
    const words = wishesInWords(entries.map(({ wish }) => wish))
    this.#announce(via, { ...words, reason: first.reason }, effect)
  }

  /** Which processes it reached is not known here: a retry may be the second to arrive. */
  #announce(
    via: InvalidateEvent['via'],
    what: Pick<InvalidateEvent, 'keys' | 'tags' | 'reason'>,
    effect: Effect,
  ): void {
    const { watchers, settings } = this.#parts.engine
    const origin = settings.service
    const rest = { origin, subject: undefined, pending: [] }
    watchers.tell({ kind: 'invalidate', via, ...what, ...rest, ...effect })
  }
}
