/**
 * One task: when it is due, its runs, and what became of them. A run ends at its deadline, or
 * when its process stops warming, whether it obeys its signal or not; one that goes on all the
 * same holds back its own next run and nothing else.
 */
import { Deferred } from '../base/deferred.ts'
import type { Clock } from '../core/contracts/clock.ts'
import { StaleproofError } from '../core/errors.ts'
import type { TaskReport, WarmBudget } from './warm-task.ts'
import type { ResolvedTask, WarmLog } from './warmer-options.ts'

export interface TaskRecordParts {
  readonly clock: Clock
  readonly log: WarmLog | undefined
  readonly budgetOf: (signal: AbortSignal) => WarmBudget
}

export class TaskRecord {
  readonly #task: ResolvedTask
  readonly #parts: TaskRecordParts
  #dueMs: number
  #hasWorkLeft = false
  #isRunning = false
  readonly #counts = {
    executions: 0,
    successes: 0,
    failures: 0,
    interrupted: 0,
    skippedElsewhere: 0,
    skippedUnreachable: 0,
  }
  #lastRunMs: number | undefined
  #lastSuccessMs: number | undefined
  #lastDurationMs: number | undefined
  #lastError: string | undefined

  constructor(task: ResolvedTask, parts: TaskRecordParts) {
    this.#task = task
    this.#parts = parts
    this.#dueMs = parts.clock.now()
  }

  get dueMs(): number {
    return this.#dueMs
  }

  /** Nobody knows when the process that was elected before has run it last. */
  dueNow(): void {
    this.#dueMs = this.#parts.clock.now()
  }

  skip(why: 'elsewhere' | 'unreachable'): void {
    if (this.#dueMs > this.#parts.clock.now()) return
    this.#postpone()
    if (why === 'elsewhere') this.#counts.skippedElsewhere++
    else this.#counts.skippedUnreachable++
  }

  /** Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    this.#postpone()
    if (this.#hasWorkLeft) return
    const { clock } = this.#parts
    const startedMs = clock.now()
    this.#counts.executions++
    this.#isRunning = true
    this.#lastRunMs = clock.wallMs()
    try {
      await this.#within(signal)
      this.#counts.successes++
      this.#lastSuccessMs = clock.wallMs()
      this.#lastError = undefined
    } catch (error) {
      if (signal.aborted) this.#counts.interrupted++
      else this.#fail(error)
    } finally {
      this.#isRunning = false
      this.#lastDurationMs = clock.now() - startedMs
    }
  }

  report(): TaskReport {
    return {
      name: this.#task.name,
      critical: this.#task.critical,
      ...this.#counts,
      isRunning: this.#isRunning,
      lastRunMs: this.#lastRunMs,
      lastSuccessMs: this.#lastSuccessMs,
      lastDurationMs: this.#lastDurationMs,
      lastError: this.#lastError,
    }
  }

  #postpone(): void {
    this.#dueMs = this.#parts.clock.now() + this.#task.everyMs
  }

  async #within(signal: AbortSignal): Promise<void> {
    const { deadlineMs } = this.#task
    const ending = new AbortController()
    const over = new Deferred<never>()
    const end = (error: unknown): void => {
      ending.abort(error)
      over.reject(error)
    }
    const onAbort = (): void => end(signal.reason)
    const timer = this.#parts.clock.timer(deadlineMs, () => end(this.#late()), 'background')
    signal.addEventListener('abort', onAbort)
    try {
      await Promise.race([this.#work(ending.signal), over.promise])
    } finally {
      timer.cancel()
      signal.removeEventListener('abort', onAbort)
    }
  }

  async #work(signal: AbortSignal): Promise<void> {
    this.#hasWorkLeft = true
    try {
      await this.#task.run(signal, this.#parts.budgetOf(signal))
    } finally {
      this.#hasWorkLeft = false
    }
  }

  #late(): StaleproofError {
    const { name, deadlineMs } = this.#task
    const expected = `an end within ${deadlineMs} ms`
    return new StaleproofError('SP_TASK_TIMEOUT', `the warming task '${name}'`, { expected })
  }

  #fail(error: unknown): void {
    const { name, critical } = this.#task
    this.#counts.failures++
    this.#lastError = String(error)
    const level = critical ? 'warn' : 'debug'
    this.#parts.log?.[level]({ task: name, error }, 'a warming task has failed')
  }
}
