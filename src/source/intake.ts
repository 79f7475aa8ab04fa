/**
 * The one way in for rows of any source: each is made a value, or counted and skipped on its
 * own. Nothing that comes from outside throws past this point.
 */
import type { Clock } from '../core/contracts/clock.ts'
import { invalid } from '../core/option-checks.ts'
import type { LiveDataOptions } from './live-options.ts'
import type { Datum } from './live-stats.ts'
import type { Newest } from './newest.ts'
import type { SourceRecord } from './record.ts'

/** Whose rows they are. */
export interface Origin {
  readonly name: string
  readonly isLive: boolean
  readonly record: SourceRecord
}

/** How many of the rows were no older than what is held, and how many no rows of ours could be. */
export interface Taken {
  readonly current: number
  readonly invalid: number
}

export interface IntakeParts<V> {
  readonly given: LiveDataOptions<V>
  readonly newest: Newest<V>
  readonly clock: Clock
  /** Told what was new, if anything was. */
  readonly onData: (data: readonly Datum<V>[]) => void
}

export class Intake<V> {
  readonly #parts: IntakeParts<V>

  constructor(parts: IntakeParts<V>) {
    this.#parts = parts
  }

  take(rows: readonly unknown[], origin: Origin): Taken {
    const { newest, onData } = this.#parts
    const { record } = origin
    const applied: Datum<V>[] = []
    let invalid = 0
    let current = 0
    for (const row of rows) {
      try {
        const datum = this.#datumOf(row, origin)
        const fate = datum === undefined ? 'ignored' : newest.offer(datum)
        record.row(fate)
        // A source that tells only of the past is no better than one that is silent.
        if (fate === 'applied' || fate === 'duplicates') current++
        if (datum !== undefined && fate === 'applied') applied.push(datum)
      } catch (error) {
        record.rejected(error)
        invalid++
      }
    }
    if (applied.length > 0) onData(applied)
    return { current, invalid }
  }

  #datumOf(row: unknown, { name, isLive, record }: Origin): Datum<V> | undefined {
    const { given, clock } = this.#parts
    const value = given.parse(row, name)
    if (value === undefined) return undefined
    const seenAtMs = clock.wallMs()
    const key = keyIn(given.key(value))
    const order = orderIn(given.order(value))
    record.dated(given.time === undefined ? seenAtMs : timeIn(given.time(value)))
    return { key, value, order, source: name, isLive, seenAtMs }
  }
}

function keyIn(key: unknown): string {
  if (typeof key === 'string') return key
  throw invalid('live data', 'key', 'a string from it', key)
}

function orderIn(order: unknown): number | bigint {
  if (typeof order === 'bigint') return order
  if (typeof order === 'number' && Number.isSafeInteger(order)) return order
  throw invalid('live data', 'order', 'a safe integer or a bigint from it', order)
}

function timeIn(ms: unknown): number {
  if (typeof ms === 'number' && Number.isFinite(ms)) return ms
  throw invalid('live data', 'time', 'milliseconds since 1970 from it', ms)
}
