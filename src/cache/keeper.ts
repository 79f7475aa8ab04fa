/**
 * Keeps invalidations that could not be executed when they were asked for: in the
 * journal, on disk where there is one, and out of the reach of memory; and notes those
 * that were, so that they can be said again to a server that has lost them.
 */
import {
  type JournalEntry,
  type PatternEntry,
  type Wish,
  wishesInWords,
} from '../coherence/index.ts'
import type { ToldReply } from '../core/contracts/store.ts'
import type { InvalidateEvent } from '../core/outcome.ts'
import { type Engine, partitionAt } from './engine.ts'
import type { Evictor } from './evictor.ts'
import type { Spooler } from './spooler.ts'

export interface KeeperParts {
  readonly engine: Engine
  readonly evictor: Evictor
  readonly spooler: Spooler
}

/** What could not be executed within its budget. */
export interface Unsent {
  readonly partition: number
  readonly wishes: readonly Wish[]
  readonly reason: string
  /**
   * The request, should it be executed late; undefined in it: it was not. Never rejects.
   */
  readonly sent: Promise<ToldReply | undefined> | undefined
}

/** How an execution went, for those who are told. */
export interface Execution {
  readonly reached: number
  readonly ms: number
}

export class Keeper {
  readonly #parts: KeeperParts

  constructor(parts: KeeperParts) {
    this.#parts = parts
  }

  /** Pending at once; on disk, where there is one, when it resolves. Never rejects. */
  keep({ partition, wishes, reason, sent }: Unsent): Promise<void> {
    const { engine, spooler } = this.#parts
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
    return spooler.append(entries.map((entry) => ({ ...entry, partition })))
  }

  /** A pattern that was not swept to its end. Those who ask have evicted what it matches. */
  keepPattern({ pattern, reason }: Omit<PatternEntry, 'sinceMs'>): Promise<void> {
    const { engine, spooler } = this.#parts
    const entry = { pattern, reason, sinceMs: engine.clock.wallMs() }
    engine.journal.addPattern(entry)
    return spooler.append([entry])
  }

  /** Executed, as an answer says. */
  acknowledged({ partition, wishes }: Pick<Unsent, 'partition' | 'wishes'>): void {
    const { engine } = this.#parts
    const { ring } = partitionAt(engine, partition)
    for (const wish of wishes) ring.note(wish, engine.clock.now())
  }

  /** What was pending has been executed. */
  executed(partition: number, entries: readonly JournalEntry[], execution: Execution): void {
    const { engine, evictor, spooler } = this.#parts
    for (const { wish } of entries) if (wish.kind === 'key') evictor.evict(wish.ask.key)
    const ended = engine.journal.delivered(partition, entries)
    this.acknowledged({ partition, wishes: entries.map(({ wish }) => wish) })
    for (const via of ['retry', 'replay'] as const) {
      const those = ended.filter((entry) => entry.via === via)
      engine.delivery[via] += those.length
      this.#tell(via, those, execution)
    }
    spooler.trim()
  }

  patternExecuted(entry: PatternEntry, execution: Execution): void {
    const { engine, spooler } = this.#parts
    engine.journal.patternDelivered(entry)
    engine.delivery.retry++
    this.#announce('retry', { keys: [entry.pattern], tags: [], reason: entry.reason }, execution)
    spooler.trim()
  }

  #tell(via: InvalidateEvent['via'], entries: readonly JournalEntry[], execution: Execution): void {
    const [first] = entries
    if (first === undefined) return
    const words = wishesInWords(entries.map(({ wish }) => wish))
    this.#announce(via, { ...words, reason: first.reason }, execution)
  }

  /** Which processes it reached is not known here: a retry may be the second to arrive. */
  #announce(
    via: InvalidateEvent['via'],
    what: Pick<InvalidateEvent, 'keys' | 'tags' | 'reason'>,
    execution: Execution,
  ): void {
    const { watchers, settings } = this.#parts.engine
    const origin = settings.service
    const rest = { origin, subject: undefined, pending: [] }
    watchers.tell({ kind: 'invalidate', via, ...what, ...rest, ...execution })
  }
}
