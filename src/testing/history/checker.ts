/**
 * Judges what clients saw against what was promised. It knows nothing of the cache and shares
 * no code with it; its only words are those of the records.
 *
 * A read invoked at i returns at least W, the highest version covered by an invalidation that
 * had resolved before i − bound: the bound is Δ(1+ρ)+ε for memory and for shared loads, 0 for
 * Redis, the source, and reads that asked for proof. It returns at least the version of the
 * receipt that it carried, of a barrier that had resolved, and of what its own process had
 * invalidated; and nothing that nobody had begun to write. In the end every tier holds what
 * the database holds.
 */
import type { FinalRecord, HistoryRecord, ReadRecord, ReadTier } from './record.ts'
import { type RegisterTruth, type Split, truthOf } from './register-truth.ts'
import { StaleTally } from './stale-tally.ts'
import { type HistoryVerdict, type Rule, type Violation, violationsMax } from './verdict.ts'

export interface CheckerOptions {
  /** How long memory may lag: Δ(1+ρ) and an allowance for the rounding of times. */
  readonly boundMs: number
}

/** Judges a history that is in memory. */
export function checkHistory(
  history: Iterable<HistoryRecord>,
  options: CheckerOptions,
): HistoryVerdict {
  const checker = new HistoryChecker(options)
  for (const record of history) checker.learn(record)
  for (const record of history) checker.check(record)
  return checker.verdict()
}

interface Learnt {
  readonly writes: Extract<HistoryRecord, { kind: 'write' }>[]
  readonly invalidations: Extract<HistoryRecord, { kind: 'invalidate' }>[]
  readonly splits: Split[]
}

/**
 * Judges a history that goes by twice: first all of it to `learn`, then all of it, in the same
 * order, to `check`. Kept are writes and invalidations, never reads.
 */
export class HistoryChecker {
  readonly #boundMs: number
  readonly #learnt = new Map<string, Learnt>()
  readonly #truths = new Map<string, RegisterTruth>()
  readonly #stale = new StaleTally()
  readonly #violations: Violation[] = []
  readonly #reads: Record<ReadTier, number> = {
    memory: 0,
    joined: 0,
    redis: 0,
    source: 0,
    stale: 0,
  }
  #violationCount = 0
  #writes = 0
  #invalidations = 0
  #finals = 0
  #position = 0

  constructor({ boundMs }: CheckerOptions) {
    this.#boundMs = boundMs
  }

  learn(record: HistoryRecord): void {
    switch (record.kind) {
      case 'write':
        this.#writes++
        this.#of(record.key).writes.push(record)
        return
      case 'invalidate':
        this.#invalidations++
        this.#of(record.key).invalidations.push(record)
        return
      case 'split': {
        const isUnnoticed = record.unnoticed === true
        const split = { fromMs: record.invokedMs, toMs: record.returnedMs, isUnnoticed }
        this.#of(record.key).splits.push(split)
        return
      }
      default:
        return
    }
  }

  check(record: HistoryRecord): void {
    const position = this.#position++
    if (record.kind === 'read') this.#checkRead(record, position)
    if (record.kind === 'final') this.#checkFinal(record, position)
  }

  verdict(): HistoryVerdict {
    return {
      violations: [...this.#violations],
      violationCount: this.#violationCount,
      reads: { ...this.#reads },
      writes: this.#writes,
      invalidations: this.#invalidations,
      finals: this.#finals,
      stale: this.#stale.serves(),
    }
  }

  #checkRead(read: ReadRecord, position: number): void {
    this.#reads[read.tier]++
    const { version, invokedMs, returnedMs, after = 0, process } = read
    const truth = this.#truthOf(read.key)
    const boundMs = mayLag(read) ? this.#boundMs : 0
    const found = (rule: Rule, expected: number) => this.#found(rule, { read, position, expected })

    const due = truth.resolved.before(invokedMs - boundMs)
    const dueByBarrier = truth.barriers.before(invokedMs)
    const own = truth.ownOf.get(process)?.before(invokedMs) ?? 0
    const most = truth.begun.upTo(returnedMs)
    const canKnow = !truth.unnoticed.some(
      ({ fromMs, toMs }) => fromMs <= returnedMs && invokedMs <= toMs,
    )
    if (version < due) found('bound', due)
    if (canKnow && version < after) found('receipt', after)
    if (version < dueByBarrier) found('barrier', dueByBarrier)
    if (canKnow && version < own) found('own write', own)
    if (version > most) found('from nowhere', most)

    const resolvedMs = truth.resolved.roseAbove(version)
    if (resolvedMs !== undefined && resolvedMs < invokedMs) {
      this.#stale.add(read.tier, invokedMs - resolvedMs, boundMs)
    }
  }

  #checkFinal(read: FinalRecord, position: number): void {
    this.#finals++
    const expected = this.#truthOf(read.key).latest
    if (read.version !== expected) this.#found('final', { read, position, expected })
  }

  #found(rule: Rule, { read, position, expected }: Finding): void {
    this.#violationCount++
    if (this.#violations.length === violationsMax) return
    const { process, key, tier, version, invokedMs, returnedMs } = read
    const times = { invokedMs, returnedMs }
    this.#violations.push({ rule, position, process, key, tier, version, expected, ...times })
  }

  #of(key: string): Learnt {
    const known = this.#learnt.get(key)
    if (known !== undefined) return known
    const learnt: Learnt = { writes: [], invalidations: [], splits: [] }
    this.#learnt.set(key, learnt)
    return learnt
  }

  #truthOf(key: string): RegisterTruth {
    const known = this.#truths.get(key)
    if (known !== undefined) return known
    const { writes, invalidations, splits } = this.#of(key)
    const everywhere = key === '' ? [] : this.#of('').splits
    const truth = truthOf(writes, invalidations, [...everywhere, ...splits])
    this.#truths.set(key, truth)
    return truth
  }
}

interface Finding {
  readonly read: ReadRecord | FinalRecord
  readonly position: number
  readonly expected: number
}

/** What was asked with proof may be shared only with callers whose request had not left. */
function mayLag({ tier, mode }: ReadRecord): boolean {
  return mode === 'bounded' && tier !== 'redis' && tier !== 'source'
}
