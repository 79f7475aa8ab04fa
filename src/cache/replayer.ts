/**
 * Says invalidations again to a server that may have lost them (PROTOCOL 13, Replay):
 * when another incarnation answers, and the one before may have acknowledged more than
 * it handed on. Values that it served are void by their stamp; replay is for those that
 * others have stored in the new one before they heard of the invalidation.
 *
 * Many processes notice a failover together. So each waits a random part of a second
 * before every batch, and what was said by anybody meanwhile need not be said again.
 * Until it is said, this process reads from the source what it concerns.
 */
import { nameOfWish, type Wish, wishKinds } from '../coherence/index.ts'
import type { Timer } from '../core/contracts/clock.ts'
import type { Connected } from '../core/contracts/store.ts'
import type { Message } from '../core/message.ts'
import { type Engine, partitionAt } from './engine.ts'

/** Wishes of one kind in one batch. */
const batchMax = 200
/** The longest wait before a batch. */
const spreadMs = 1_000

/** Beats, which delivers the journal first. */
export type Prove = (partition: number) => Promise<unknown>

export class Replayer {
  readonly #engine: Engine
  readonly #prove: Prove
  /** By partition, the last one. */
  readonly #connections = new Map<number, Connected>()
  /** Partitions with a batch to come. */
  readonly #timers = new Map<number, Timer>()

  constructor(engine: Engine, prove: Prove) {
    this.#engine = engine
    this.#prove = prove
  }

  /** To be told before anything is read on the connection. */
  connected(partition: number, connected: Connected): void {
    const { settings, clock, replays } = this.#engine
    const before = this.#connections.get(partition)
    this.#connections.set(partition, connected)
    if (before === undefined || before.stamp === connected.stamp) return
    const { ring, trust } = partitionAt(this.#engine, partition)
    if (before.lostTailMs === undefined && connected.lostTailMs === undefined) {
      ring.clear()
      return
    }
    const lostMs = Math.max(before.lostTailMs ?? 0, connected.lostTailMs ?? 0)
    const tailMs = lostMs + 2 * settings.trustMs
    const sinceMs = clock.wallMs()
    for (const wish of ring.take({ lastMs: trust.lastAckedMs, tailMs })) {
      replays.add(partition, { wish, reason: 'replay', sinceMs, via: 'replay' })
    }
    this.#schedule(partition)
  }

  /**
   * With trust regained, a message was executed after our connection was made, so after
   * everything that we have to say: if it says the same, it is said.
   */
  heard(partition: number, message: Message): void {
    const { replays, clock } = this.#engine
    if (!replays.hasBacklog(partition)) return
    if (!partitionAt(this.#engine, partition).trust.isTrusted(clock.now())) return
    for (const kind of wishKinds) {
      const waiting = replays.next(partition, kind, Number.POSITIVE_INFINITY)
      const said = waiting.filter(({ wish }) => isSaidBy(message, wish))
      replays.delivered(partition, said)
    }
  }

  /** Everything goes with the next delivery: the cache is closing. */
  hurry(): void {
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
    for (const { index } of this.#engine.partitions) this.#move(index, Number.POSITIVE_INFINITY)
  }

  #schedule(partition: number): void {
    const { clock, chance, replays } = this.#engine
    if (!replays.hasBacklog(partition) || this.#timers.has(partition)) return
    const turn = () => {
      this.#timers.delete(partition)
      this.#move(partition, batchMax)
      this.#engine.tasks.run(this.#prove(partition))
      this.#schedule(partition)
    }
    this.#timers.set(partition, clock.timer(spreadMs * chance.unit(), turn, 'background'))
  }

  /** From those that wait to those that the courier takes along. */
  #move(partition: number, count: number): void {
    const { replays, journal } = this.#engine
    for (const kind of wishKinds) {
      const entries = replays.next(partition, kind, count)
      for (const entry of entries) journal.add(partition, entry)
      replays.delivered(partition, entries)
    }
  }
}

function isSaidBy(message: Message, wish: Wish): boolean {
  if (!isPlain(wish)) return false
  switch (message.kind) {
    case 'floor':
      return true
    case 'tags':
      return wish.kind === 'tag' && message.tags.includes(wish.tag)
    case 'keys':
      return wish.kind === 'key' && message.keys.includes(nameOfWish(wish))
    default:
      return false
  }
}

/** It asks for no more than that what it names be removed. */
function isPlain(wish: Wish): boolean {
  if (wish.kind !== 'key') return true
  const { order, keepsOrder, tokens, settle } = wish.ask
  return order === '' && !keepsOrder && tokens.length === 0 && settle === undefined
}
