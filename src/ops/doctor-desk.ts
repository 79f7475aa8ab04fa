/** One run of doctor at a time in this process, and the last report, whoever has made it. */
import type { Clock } from '../core/contracts/clock.ts'
import type { DoctorReport } from '../doctor/index.ts'
import type { DoctorAnswer } from './answers.ts'
import { Refusal } from './problem.ts'

export interface DoctorParts {
  /** Undefined: there is no Redis to be asked. */
  readonly run: ((ended: AbortSignal) => Promise<DoctorReport>) | undefined
  /** The last report that anybody has left; undefined: there is none. */
  readonly stored: () => Promise<DoctorReport | undefined>
  /** What people are told of it; undefined: it is no failure. */
  readonly failureOf: (error: unknown) => string | undefined
  readonly clock: Pick<Clock, 'now'>
}

/** Reports are large, and rarely new. */
const readEveryMs = 5_000

export class DoctorDesk {
  readonly #parts: DoctorParts
  readonly #end = new AbortController()
  #running: Promise<void> | undefined
  #report: DoctorReport | undefined
  #failure: string | undefined
  #reading: Promise<void> = Promise.resolve()
  #readMs = Number.NEGATIVE_INFINITY

  constructor(parts: DoctorParts) {
    this.#parts = parts
  }

  async state(): Promise<Pick<DoctorAnswer, 'report' | 'isRunning' | 'failure'>> {
    await this.#read()
    const isRunning = this.#running !== undefined
    return { report: this.#report, isRunning, failure: this.#failure }
  }

  #read(): Promise<void> {
    const nowMs = this.#parts.clock.now()
    if (nowMs - this.#readMs >= readEveryMs) {
      this.#readMs = nowMs
      this.#reading = this.#parts.stored().then((stored) => {
        if (isNewer(stored, this.#report)) this.#report = stored
      })
    }
    return this.#reading
  }

  /** Throws a refusal. */
  start(): void {
    const { run, failureOf } = this.#parts
    const { signal } = this.#end
    if (run === undefined) throw new Refusal('UNAVAILABLE', 'There is no Redis to be examined.')
    if (this.#running !== undefined) throw new Refusal('ALREADY_RUNNING', 'It is under way.')
    this.#failure = undefined
    this.#running = run(signal)
      .then((report) => {
        this.#report = report
      })
      .catch((error: unknown) => {
        if (!signal.aborted) this.#failure = failureOf(error)
      })
      .finally(() => {
        this.#running = undefined
      })
  }

  /** Ends a run that is under way; nobody waits for what it would have said. */
  close(): void {
    this.#end.abort()
  }
}

function isNewer(one: DoctorReport | undefined, other: DoctorReport | undefined): boolean {
  return one !== undefined && (other === undefined || one.startedMs > other.startedMs)
}
