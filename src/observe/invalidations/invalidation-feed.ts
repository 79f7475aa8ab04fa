/**
 * The last invalidations that a process has asked for or heard of. The ring is the buffer of
 * everybody who follows it: who is too slow is told how many it has missed.
 */
import type { DeclaredFamily } from '../../core/about.ts'
import type { Clock } from '../../core/contracts/clock.ts'
import type { CacheEvent, Observer } from '../../core/outcome.ts'
import { type FamilyOfKey, familyOfKeys } from '../metrics/invalidation-scope.ts'
import { type InvalidationRow, lengthOf, rowOf } from './invalidation-row.ts'

/** Rows that are remembered. */
export const rowsMax = 1_000
/** Of the names in all of them: where names are long, fewer rows are remembered. */
export const charactersMax = 2_000_000
/** Who may follow at a time; a further one is refused. */
export const followersMax = 64

/** What a follower has not taken yet. */
export interface Taken {
  /** Oldest first. */
  readonly rows: readonly InvalidationRow[]
  /** Those that were forgotten before they were taken. */
  readonly dropped: number
}

export interface Follower {
  /** At most so many; the rest stays. */
  take(rowsMost?: number): Taken
  close(): void
}

export class InvalidationFeed implements Observer {
  readonly #clock: Pick<Clock, 'wallMs'>
  readonly #familyOf: FamilyOfKey
  readonly #rows: InvalidationRow[] = []
  readonly #wakes = new Set<() => void>()
  #seen = 0
  #characters = 0

  constructor(clock: Pick<Clock, 'wallMs'>, families: Readonly<Record<string, DeclaredFamily>>) {
    this.#clock = clock
    this.#familyOf = familyOfKeys(families)
  }

  /** Since the start. */
  get seen(): number {
    return this.#seen
  }

  notify(event: CacheEvent): void {
    if (event.kind !== 'invalidate' && event.kind !== 'set') return
    const [seq, atMs] = [this.#seen + 1, this.#clock.wallMs()]
    const row = rowOf(event, { seq, atMs, familyOf: this.#familyOf })
    if (row === undefined) return
    this.#seen++
    this.#rows.push(row)
    this.#characters += lengthOf(row)
    while (this.#rows.length > rowsMax || this.#characters > charactersMax) this.#forget()
    for (const wake of this.#wakes) wake()
  }

  #forget(): void {
    const oldest = this.#rows.shift()
    if (oldest !== undefined) this.#characters -= lengthOf(oldest)
  }

  /** Of those that are remembered, oldest first. */
  rows(afterSeq = 0): readonly InvalidationRow[] {
    const first = this.#rows[0]
    if (first === undefined) return []
    return this.#rows.slice(Math.max(0, afterSeq + 1 - first.seq))
  }

  /** What comes from now on. `wake` is called for each, and takes nothing itself. */
  follow(wake: () => void): Follower {
    if (this.#wakes.size >= followersMax) throw new RangeError(`expected ${followersMax} followers`)
    // Its own function: the same one may follow twice.
    const woken = () => wake()
    this.#wakes.add(woken)
    let taken = this.#seen
    return {
      take: (rowsMost = rowsMax) => {
        const rows = this.rows(taken).slice(0, rowsMost)
        const dropped = Math.max(0, (rows[0]?.seq ?? taken + 1) - taken - 1)
        taken += dropped + rows.length
        return { rows, dropped }
      },
      close: () => {
        this.#wakes.delete(woken)
      },
    }
  }
}
