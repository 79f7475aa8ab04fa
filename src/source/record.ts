/** What one source has done: counters and times, which decide nothing. */
import { Histogram } from '../base/histogram.ts'
import type { LiveSourceStats } from './live-stats.ts'
import type { Offered } from './newest.ts'

/** What becomes of a row. */
export type RowFate = Offered | 'ignored' | 'invalid'

export type RecordedStats = Omit<LiveSourceStats, 'name' | 'kind' | 'state' | 'stateMs'>

/** By both clocks: differences by the one that never steps, ages of values by the other. */
export interface Times {
  readonly nowMs: number
  readonly wallMs: number
}

const errorCharsMax = 300

export class SourceRecord {
  readonly #rows: Record<RowFate, number> = {
    applied: 0,
    duplicates: 0,
    older: 0,
    ignored: 0,
    invalid: 0,
  }
  readonly #latency = new Histogram()
  #failures = 0
  #activations = 0
  #activeMs = 0
  #activeSinceMs: number | undefined
  #lastSuccessMs: number | undefined
  #newestMs: number | undefined
  #lastError: string | undefined
  #lastInvalid: string | undefined

  row(fate: RowFate): void {
    this.#rows[fate]++
  }

  rejected(error: unknown): void {
    this.row('invalid')
    this.#lastInvalid = shortened(error)
  }

  /** When the value is of, in milliseconds since 1970. */
  dated(ms: number): void {
    this.#newestMs = Math.max(this.#newestMs ?? ms, ms)
  }

  succeeded(nowMs: number): void {
    this.#lastSuccessMs = nowMs
  }

  failed(error: unknown): void {
    this.#failures++
    this.#lastError = shortened(error)
  }

  took(ms: number): void {
    this.#latency.add(ms)
  }

  activated(nowMs: number): void {
    this.#activations++
    this.#activeSinceMs = nowMs
  }

  deactivated(nowMs: number): void {
    this.#activeMs = this.#activeTotalMs(nowMs)
    this.#activeSinceMs = undefined
  }

  stats({ nowMs, wallMs }: Times): RecordedStats {
    const { applied, duplicates, older, ignored, invalid } = this.#rows
    const latency = this.#latency
    return {
      isActive: this.#activeSinceMs !== undefined,
      lastSuccessAgeMs: ageOf(this.#lastSuccessMs, nowMs),
      lastError: this.#lastError,
      newestAgeMs: ageOf(this.#newestMs, wallMs),
      received: applied + duplicates + older + ignored + invalid,
      applied,
      duplicates,
      older,
      ignored,
      invalid,
      lastInvalid: this.#lastInvalid,
      failures: this.#failures,
      activations: this.#activations,
      activeMs: this.#activeTotalMs(nowMs),
      latency: {
        p50Ms: latency.percentile(0.5),
        p99Ms: latency.percentile(0.99),
        maxMs: latency.max,
      },
    }
  }

  #activeTotalMs(nowMs: number): number {
    const sinceMs = this.#activeSinceMs ?? nowMs
    return this.#activeMs + nowMs - sinceMs
  }
}

/** A value of tomorrow has the age 0. */
function ageOf(ms: number | undefined, nowMs: number): number | undefined {
  return ms === undefined ? undefined : Math.max(0, nowMs - ms)
}

/** Errors of schemas can be pages long, and the row in them may be secret: their beginning. */
function shortened(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.length > errorCharsMax ? `${text.slice(0, errorCharsMax)}…` : text
}
