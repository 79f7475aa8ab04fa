/** Reads a source again and again, one read after the other; none is waited for too long. */
import type { Timer } from '../core/contracts/clock.ts'
import { describe } from '../core/describe.ts'
import { StaleproofError } from '../core/errors.ts'
import { backoffMs } from '../resilience/index.ts'
import type { ReadContext } from './live-options.ts'
import type { Runner, RunnerParts } from './runner.ts'

/** The longest pause while reads fail, or `every`, if that is longer. */
const pauseMsMost = 30_000
/** Such pauses are shorter by up to this share, so that processes do not come back in step. */
const jitterShare = 0.5

export interface PollParts extends RunnerParts {
  readonly read: (context: ReadContext) => unknown
  readonly everyMs: number
  readonly timeoutMs: number
}

export class PollRunner implements Runner {
  readonly #parts: PollParts
  #reading: AbortController | undefined
  #ended: Promise<void> = Promise.resolve()
  #timer: Timer | undefined
  #failures = 0

  constructor(parts: PollParts) {
    this.#parts = parts
  }

  start(): void {
    this.#failures = 0
    this.#read()
  }

  stop(): Promise<void> {
    this.#timer?.cancel()
    this.#reading?.abort()
    this.#reading = undefined
    return this.#ended
  }

  #read(): void {
    const { clock, read, timeoutMs } = this.#parts
    const reading = new AbortController()
    const startedMs = clock.now()
    this.#reading = reading
    this.#timer = clock.timer(timeoutMs, () => {
      this.#failed(reading, tooSlow(timeoutMs))
      reading.abort()
    })
    this.#ended = answerOf(read, reading.signal).then(
      (rows) => this.#answered(reading, { rows, startedMs }),
      (error: unknown) => this.#failed(reading, error),
    )
  }

  /** An answer that comes too late, or to a source that rests, is nobody's any more. */
  #answered(reading: AbortController, { rows, startedMs }: Answer): void {
    if (this.#reading !== reading) return
    const { clock, listener } = this.#parts
    const tookMs = clock.now() - startedMs
    const { invalid } = listener.rows(rows)
    if (rows.length > 0 && invalid === rows.length) {
      this.#failed(reading, unusable(rows.length))
      return
    }
    this.#failures = 0
    if (this.#rest(reading)) listener.succeeded(tookMs)
  }

  #failed(reading: AbortController, error: unknown): void {
    if (this.#reading === reading) this.#failures++
    if (this.#rest(reading)) this.#parts.listener.failed(error)
  }

  /** Until the next read; false: it was stopped meanwhile. */
  #rest(reading: AbortController): boolean {
    if (this.#reading !== reading) return false
    this.#reading = undefined
    this.#timer?.cancel()
    this.#timer = this.#parts.clock.timer(this.#pauseMs(), () => this.#read())
    return true
  }

  #pauseMs(): number {
    const { everyMs, chance } = this.#parts
    if (this.#failures === 0) return everyMs
    const steps = { firstMs: everyMs, mostMs: Math.max(everyMs, pauseMsMost) }
    return backoffMs(steps, this.#failures) * (1 - jitterShare * chance.unit())
  }
}

interface Answer {
  readonly rows: readonly unknown[]
  readonly startedMs: number
}

async function answerOf(
  read: (context: ReadContext) => unknown,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const rows = await read({ signal })
  if (Array.isArray(rows)) return rows
  const details = { expected: 'an array of rows', received: describe(rows) }
  throw new StaleproofError('SP_SOURCE_ROWS', 'A source of live data answered', details)
}

function tooSlow(timeoutMs: number): StaleproofError {
  return new StaleproofError('SP_SOURCE_TIMEOUT', `No answer within ${timeoutMs} ms`)
}

function unusable(rows: number): StaleproofError {
  return new StaleproofError('SP_SOURCE_ROWS', `None of ${rows} rows could be used`)
}
