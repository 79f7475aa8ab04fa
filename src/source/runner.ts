/** What keeps a source going while it is wanted, and whom it tells. */
import type { Chance, Clock } from '../core/contracts/clock.ts'
import type { Taken } from './intake.ts'

export interface Runner {
  start(): void
  /** Nothing is told from here on. Resolves when what was under way has ended. */
  stop(): Promise<void>
}

/** Told by a runner, one thing after the other. */
export interface RunnerListener {
  rows(rows: readonly unknown[]): Taken
  /** There was data, so many milliseconds after it was asked for, if it was. */
  succeeded(tookMs: number | undefined): void
  failed(error: unknown): void
  silent(error: unknown): void
}

export interface RunnerParts {
  readonly clock: Clock
  readonly chance: Chance
  readonly listener: RunnerListener
}
