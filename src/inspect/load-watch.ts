/**
 * Whether a server feels what a tool does to it: a PING between batches, compared with how
 * long one took before. A tool must not be the incident.
 */
import type { Clock } from '../core/contracts/clock.ts'
import type { Inspection } from './inspection.ts'
import { pause } from './pacer.ts'

/** `halve`: it has rested, and goes on with half as much; `stop`: it must not go on. */
export type Advice = 'go' | 'halve' | 'stop'

const lastCount = 20
const halvingsMax = 3
/** A server that answers within this is fine, whatever it did before. */
const floorMs = 5
const restMs = 500

export interface LoadWatchParts {
  readonly inspection: Pick<Inspection, 'call'>
  readonly clock: Clock
  /** What PINGs took before, in ms; with none the first ones count. */
  readonly baselineMs: number | undefined
}

export class LoadWatch {
  readonly #parts: LoadWatchParts
  #lastMs: number[] = []
  #baselineMs: number | undefined
  #halvings = 0

  constructor(parts: LoadWatchParts) {
    this.#parts = parts
    this.#baselineMs = parts.baselineMs
  }

  /** Between two batches. */
  async advise(): Promise<Advice> {
    const { inspection, clock } = this.#parts
    const startMs = clock.now()
    await inspection.call('ping')
    this.#lastMs.push(clock.now() - startMs)
    // The slowest of a few says nothing yet.
    if (this.#lastMs.length < lastCount) return 'go'
    const p95Ms = quantile(this.#lastMs, 0.95)
    this.#baselineMs ??= p95Ms
    this.#lastMs.shift()
    if (p95Ms <= Math.max(2 * this.#baselineMs, floorMs)) return 'go'
    this.#halvings += 1
    if (this.#halvings > halvingsMax) return 'stop'
    this.#lastMs = []
    await pause(clock, restMs)
    return 'halve'
  }
}

/** The nearest of the values; 0 where there is none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right)
  const rank = Math.ceil(share * sorted.length) - 1
  return sorted[Math.max(0, rank)] ?? 0
}
