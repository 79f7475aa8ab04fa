/**
 * Keeps a stream open: what is lost, can't be opened or has been silent for too long is closed
 * and opened again, in growing pauses. They are short again after an opening that has lasted.
 */
import type { Timer } from '../core/contracts/clock.ts'
import { StaleproofError } from '../core/errors.ts'
import { backoffMs } from '../resilience/index.ts'
import type { StreamSink } from './live-options.ts'
import type { Runner, RunnerParts } from './runner.ts'

const pauses = { firstMs: 250, mostMs: 15_000 }
/** Pauses are shorter by up to this share, so that processes do not come back in step. */
const jitterShare = 0.5

export interface StreamParts extends RunnerParts {
  readonly stream: (sink: StreamSink) => unknown
  readonly silentMs: number
  /** An opening that had data for so long has lasted. */
  readonly lastingMs: number
}

interface Opening {
  readonly openedMs: number
  /** Undefined until there was any. */
  dataMs: number | undefined
  close: unknown
}

export class StreamRunner implements Runner {
  readonly #parts: StreamParts
  #opening: Opening | undefined
  #retry: Timer | undefined
  #watch: Timer | undefined
  #failures = 0

  constructor(parts: StreamParts) {
    this.#parts = parts
  }

  start(): void {
    this.#failures = 0
    this.#open()
  }

  async stop(): Promise<void> {
    this.#retry?.cancel()
    this.#watch?.cancel()
    const opening = this.#opening
    this.#opening = undefined
    if (opening !== undefined) this.#close(opening)
  }

  #open(): void {
    const { clock, stream } = this.#parts
    const opening: Opening = { openedMs: clock.now(), dataMs: undefined, close: undefined }
    this.#opening = opening
    this.#listen(opening)
    try {
      opening.close = stream({
        rows: (rows) => this.#hear(opening, rows),
        lost: (error) => this.#end(opening, () => this.#parts.listener.failed(error)),
      })
      // It may have ended before it had said how to close it.
      if (this.#opening !== opening) this.#close(opening)
    } catch (error) {
      this.#end(opening, () => this.#parts.listener.failed(error))
    }
  }

  #hear(opening: Opening, rows: readonly unknown[]): void {
    if (this.#opening !== opening) return
    const { listener, clock } = this.#parts
    // What is no list, such as an answer handed on as it was parsed, is one row.
    const { current } = listener.rows(Array.isArray(rows) ? rows : [rows])
    if (current === 0) return
    const tookMs = opening.dataMs === undefined ? clock.now() - opening.openedMs : undefined
    opening.dataMs = clock.now()
    listener.succeeded(tookMs)
  }

  /** One timer for a whole silence, whatever comes meanwhile: data are too frequent for more. */
  #listen(opening: Opening): void {
    const { clock, silentMs, listener } = this.#parts
    const dueMs = (opening.dataMs ?? opening.openedMs) + silentMs
    this.#watch = clock.timer(dueMs - clock.now(), () => {
      if (this.#opening !== opening) return
      const isDue = (opening.dataMs ?? opening.openedMs) + silentMs <= clock.now()
      if (isDue) this.#end(opening, () => listener.silent(silence(silentMs)))
      else this.#listen(opening)
    })
  }

  #end(opening: Opening, tell: () => void): void {
    if (this.#opening !== opening) return
    const { clock, chance, lastingMs } = this.#parts
    this.#opening = undefined
    this.#watch?.cancel()
    const hasLasted = (opening.dataMs ?? opening.openedMs) - opening.openedMs >= lastingMs
    this.#failures = hasLasted ? 1 : this.#failures + 1
    const pauseMs = backoffMs(pauses, this.#failures) * (1 - jitterShare * chance.unit())
    this.#retry = clock.timer(pauseMs, () => this.#open())
    this.#close(opening)
    tell()
  }

  #close({ close }: Opening): void {
    try {
      if (typeof close === 'function') Reflect.apply(close, undefined, [])
    } catch (error) {
      this.#parts.listener.failed(error)
    }
  }
}

function silence(silentMs: number): StaleproofError {
  const message = `The stream has said nothing that could be used for ${silentMs} ms`
  return new StaleproofError('SP_SOURCE_SILENT', message)
}
