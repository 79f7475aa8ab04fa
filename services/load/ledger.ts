/**
 * What was committed, as far as this process was told, and whether a read may still lack it. A
 * read is stale when it began more than the bound after a write had been acknowledged, and shows
 * what was before that write. What is committed while a read runs, it may show or not.
 */
import { trustBoundMs } from '../tour/staleness.ts'

/** When a read, or a write, was asked for and answered; by the clock of this process. */
export interface Span {
  readonly beganMs: number
  readonly endedMs: number
}

/** `wrong`: it shows what was never there. */
export type Verdict = 'current' | 'stale' | 'wrong'

/** Must a read that began then know what was acknowledged at `atMs`? */
function isDue(atMs: number, read: Span): boolean {
  return atMs + trustBoundMs < read.beganMs
}

interface Holding {
  openedMs: number
  closingMs: number
  closedMs: number
}

/** The open positions of one user. */
export class PositionLedger {
  readonly #holdings = new Map<number, Holding>()

  constructor(held: readonly number[]) {
    for (const id of held) this.opened(id, Number.NEGATIVE_INFINITY)
  }

  opened(id: number, ackedMs: number): void {
    const never = Number.POSITIVE_INFINITY
    this.#holdings.set(id, { openedMs: ackedMs, closingMs: never, closedMs: never })
  }

  closed(id: number, { beganMs, endedMs }: Span): void {
    const holding = this.#holdings.get(id)
    if (holding === undefined) throw new Error(`expected a position that was opened, got ${id}`)
    holding.closingMs = beganMs
    holding.closedMs = endedMs
  }

  judge(shown: ReadonlySet<number>, read: Span): Verdict {
    for (const id of shown) if (!this.#holdings.has(id)) return 'wrong'
    for (const [id, holding] of this.#holdings) {
      const isOld = shown.has(id) ? isDue(holding.closedMs, read) : isMissed(holding, read)
      if (isOld) return 'stale'
    }
    return 'current'
  }

  /** Those that must be open when nothing is under way. */
  get open(): readonly number[] {
    const open = [...this.#holdings].filter(
      ([, holding]) => holding.closedMs === Number.POSITIVE_INFINITY,
    )
    return open.map(([id]) => id)
  }
}

/** A sale that was begun before the read ended may have been committed by then. */
function isMissed({ openedMs, closingMs }: Holding, read: Span): boolean {
  return isDue(openedMs, read) && closingMs > read.endedMs
}

/** The balance of one user, whose trades follow each other. */
export class BalanceLedger {
  readonly #steps: { readonly balance: number; readonly span: Span }[]

  constructor(balance: number) {
    const before = Number.NEGATIVE_INFINITY
    this.#steps = [{ balance, span: { beganMs: before, endedMs: before } }]
  }

  get balance(): number {
    return this.#steps.at(-1)?.balance ?? 0
  }

  traded(balance: number, span: Span): void {
    this.#steps.push({ balance, span })
  }

  judge(shown: number, read: Span): Verdict {
    const oldest = this.#steps.findLastIndex(({ span }) => isDue(span.endedMs, read))
    const at = this.#steps.findLastIndex(
      ({ balance, span }) => balance === shown && span.beganMs <= read.endedMs,
    )
    if (at < 0) return 'wrong'
    return at < oldest ? 'stale' : 'current'
  }
}

/** The newest quote of each market that was seen in the database, and when. */
export class PriceLedger {
  readonly #seen = new Map<string, { seq: number; atMs: number }[]>()

  /** Kept until it can no longer be the newest that a read under way must know. */
  static readonly keptMs = 15_000

  saw(marketId: string, seq: number, atMs: number): void {
    const seen = this.#seen.get(marketId) ?? []
    if (seen.at(-1)?.seq === seq) return
    const fromMs = atMs - PriceLedger.keptMs
    // The last of those that are older stays: it is what an idle market must still show.
    while ((seen[1]?.atMs ?? Number.POSITIVE_INFINITY) < fromMs) seen.shift()
    seen.push({ seq, atMs })
    this.#seen.set(marketId, seen)
  }

  /** `undefined` where nothing was seen that it would have to know. */
  judge({ marketId, seq }: { marketId: string; seq: number }, read: Span): Verdict | undefined {
    const due = this.#seen.get(marketId)?.findLast(({ atMs }) => isDue(atMs, read))
    if (due === undefined) return undefined
    return seq < due.seq ? 'stale' : 'current'
  }
}
