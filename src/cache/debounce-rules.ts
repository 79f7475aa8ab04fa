/** Checks the options of `debounce` and resolves them. */
import type { DebounceOptions, DebouncePace, FlushContext } from '../core/debounce.ts'
import { DEFAULTS } from '../core/defaults.ts'
import {
  durationIn,
  type Fields,
  fieldsOf,
  functionIn,
  integerIn,
  invalid,
} from '../core/option-checks.ts'

export interface DebounceRules<K, V> {
  readonly waitMs: number
  readonly gapMs: number
  readonly batchMax: number
  readonly sizeMax: number
  readonly flush: (entries: ReadonlyMap<K, V>, context: FlushContext) => unknown
  readonly merge: (older: V, newer: V) => V
}

const where = 'debounce'
const pace = ['wait', 'flushesPerSecond'] as const
const known = [...pace, 'maxBatch', 'maxPending', 'flush', 'merge'] as const
const waitRangeMs = { min: 1, max: 3_600_000 }
const flushesRange = { min: 0.01, max: 100 }
const batchRange = { min: 1, max: 100_000 }
const pendingRange = { min: 1, max: 1_000_000 }

/** Throws `SP_OPTION_UNKNOWN` or `SP_OPTION_INVALID`. */
export function debounceRules<K, V>(options: DebounceOptions<K, V>): DebounceRules<K, V> {
  const fields = fieldsOf(where, options, known)
  const waitMs = durationIn(where, fields, 'wait', waitRangeMs)
  if (waitMs === undefined) throw invalid(where, 'wait', "a duration such as '15s'", undefined)
  for (const name of ['flush', 'merge']) functionIn(where, fields, name)
  const { flush, merge = (_older: V, newer: V) => newer } = options
  if (flush === undefined) throw invalid(where, 'flush', 'a function', undefined)
  return Object.freeze({
    waitMs,
    gapMs: gapIn(fields) ?? 1_000 / DEFAULTS.debounceFlushesPerSecond.value,
    batchMax: integerIn(where, fields, 'maxBatch', batchRange) ?? DEFAULTS.debounceBatchMax.value,
    sizeMax:
      integerIn(where, fields, 'maxPending', pendingRange) ?? DEFAULTS.debouncePendingMax.value,
    flush,
    merge,
  })
}

/** With another pace; what is not named stays. */
export function repaced<K, V>(
  rules: DebounceRules<K, V>,
  change: DebouncePace,
): DebounceRules<K, V> {
  const fields = fieldsOf(where, change, pace)
  const waitMs = durationIn(where, fields, 'wait', waitRangeMs) ?? rules.waitMs
  return Object.freeze({ ...rules, waitMs, gapMs: gapIn(fields) ?? rules.gapMs })
}

/** Milliseconds between the beginnings of two flushes. */
function gapIn({ flushesPerSecond: value }: Fields): number | undefined {
  if (value === undefined) return undefined
  const { min, max } = flushesRange
  if (typeof value === 'number' && value >= min && value <= max) return 1_000 / value
  throw invalid(where, 'flushesPerSecond', `a number from ${min} to ${max}`, value)
}
