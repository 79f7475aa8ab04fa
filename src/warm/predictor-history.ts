/**
 * The last reads of each session: what may be said to come before a read. Only what was read
 * early enough counts, because a preload takes as long as a load: what always follows at once
 * can be predicted, and would still come too late.
 *
 *   ──▶ older    4 that count     too late for it    the read
 *               [a  b  c  d]      e  f  g            h
 *                            ◀──── a load ────▶
 */
import { dropOldest } from '../base/drop-oldest.ts'
import type { Readable } from './association.ts'

/** Sessions that are remembered; those that have read nothing for longest are forgotten. */
export const sessionsMax = 1_000
/** Reads of a session that are remembered. */
export const readsMax = 64
/** Reads before another that it is said to follow. */
const window = 4

/** Undefined: all that have none share one. */
export type Session = string | number | undefined

interface Past<T> {
  readonly item: T
  readonly atMs: number
}

/** A read, and how long a load takes. */
export interface Moment {
  readonly session: Session
  readonly atMs: number
  readonly leadMs: number
}

export class PredictorHistory<T extends Readable> {
  /** The one that has read last is the last. */
  readonly #sessions = new Map<Session, Past<T>[]>()
  #latest: Past<T>[] | undefined

  get sessions(): number {
    return this.#sessions.size
  }

  /** What came before, the latest first, back to the last read of the same key. */
  before(item: T, { session, atMs, leadMs }: Moment): readonly T[] {
    const past = this.#sessions.get(session) ?? []
    const found: T[] = []
    for (let at = past.length - 1; at >= 0 && found.length < window; at--) {
      const earlier = past[at]
      if (earlier === undefined || earlier.item.key === item.key) break
      if (atMs - earlier.atMs > leadMs) found.push(earlier.item)
    }
    return found
  }

  add(item: T, { session, atMs }: Moment): void {
    const past = this.#sessions.get(session) ?? []
    if (past !== this.#latest) this.#becomesLatest(session, past)
    past.push({ item, atMs })
    if (past.length > readsMax) past.shift()
  }

  /** Most reads are of a batch, or of a session that reads on: those find it there. */
  #becomesLatest(session: Session, past: Past<T>[]): void {
    this.#sessions.delete(session)
    this.#sessions.set(session, past)
    this.#latest = past
    if (this.#sessions.size > sessionsMax) dropOldest(this.#sessions)
  }
}
