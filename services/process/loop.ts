/**
 * Repeats one piece of work, never twice at once: after a pause, at once when woken, and slower
 * while it fails. Closing waits for the run under way.
 */

import { backoffMs } from './backoff.ts'
import type { ServiceLogger } from './logger.ts'

export interface LoopOptions {
  readonly name: string
  /** Pause between the end of a run and the start of the next. */
  readonly pauseMs: number
  readonly log: ServiceLogger
  readonly run: (signal: AbortSignal) => Promise<void>
}

const failurePauseMaxMs = 30_000

export class Loop {
  readonly #options: LoopOptions
  readonly #closing = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #isWoken = false
  #failures = 0

  constructor(options: LoopOptions) {
    this.#options = options
    this.wake()
  }

  /** Runs now, or again as soon as the run under way has ended. */
  wake(): void {
    if (this.#closing.signal.aborted) return
    this.#isWoken = true
    if (this.#running === undefined) this.#start()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#timer)
    await this.#running
  }

  #start(): void {
    clearTimeout(this.#timer)
    this.#isWoken = false
    this.#running = this.#runOnce().finally(() => {
      this.#running = undefined
      this.#schedule()
    })
  }

  async #runOnce(): Promise<void> {
    try {
      await this.#options.run(this.#closing.signal)
      this.#failures = 0
    } catch (error) {
      if (this.#closing.signal.aborted) return
      this.#failures += 1
      // A long outage is told once, not at every attempt.
      const level = this.#failures === 1 ? 'warn' : 'debug'
      this.#options.log[level]({ err: error, loop: this.#options.name }, 'run failed')
    }
  }

  #schedule(): void {
    if (this.#closing.signal.aborted) return
    const isDue = this.#isWoken && this.#failures === 0
    if (isDue) this.#start()
    else this.#timer = setTimeout(() => this.#start(), this.#pauseMs())
  }

  #pauseMs(): number {
    const { pauseMs } = this.#options
    if (this.#failures === 0) return pauseMs
    return backoffMs({ firstMs: pauseMs, maxMs: failurePauseMaxMs }, this.#failures)
  }
}
