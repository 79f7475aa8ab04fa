/**
 * When a debounce flushes and what goes along, as rules of time alone.
 *
 * A change waits at most `waitMs` from the first one of its key. Two flushes begin at least
 * `gapMs` apart; so a flush takes with it what would be due before the next one may begin,
 * and the gap makes nobody wait longer. When half of the room is taken nothing waits any
 * more: the room is for what comes while a flush runs.
 */
import { backoffMs } from '../resilience/index.ts'

export interface DebounceState {
  readonly waitMs: number
  readonly gapMs: number
  /** Of the entry that waits longest; undefined: none waits. */
  readonly oldestMs: number | undefined
  readonly size: number
  readonly sizeMax: number
  /** When the last flush began. */
  readonly lastMs: number
  /** After a failure nothing begins before that time. */
  readonly pausedUntilMs: number
}

/** Pauses after failures in a row: the gap, then twice as long each time. */
const pauseMaxMs = 30_000

/** Undefined: nothing waits. */
export function nextFlushMs(state: DebounceState): number | undefined {
  const { oldestMs, waitMs, gapMs, lastMs, pausedUntilMs } = state
  if (oldestMs === undefined) return undefined
  const dueMs = isPressed(state) ? oldestMs : oldestMs + waitMs
  return Math.max(dueMs, lastMs + gapMs, pausedUntilMs)
}

/** An entry whose first change came by then goes along with a flush that begins now. */
export function goesAlongSinceMs(state: DebounceState, nowMs: number): number {
  return isPressed(state) ? nowMs : nowMs + state.gapMs - state.waitMs
}

/** `unit` in [0, 1) spreads processes that failed together. */
export function pauseMs(failures: number, gapMs: number, unit: number): number {
  return backoffMs({ firstMs: gapMs, mostMs: pauseMaxMs }, failures) * (0.5 + unit / 2)
}

function isPressed({ size, sizeMax }: DebounceState): boolean {
  return size * 2 >= sizeMax
}
