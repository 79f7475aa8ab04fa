/**
 * Gathers changes and writes them together. The wait counts from the first change that is not yet
 * written and is never restarted by further ones, so the longest delay is the delay; two writes
 * keep a distance, so their rate is bounded; a failed write loses nothing and is repeated after a
 * pause that grows; closing writes the rest.
 */
import { backoffMs } from '../process/backoff.ts'
import type { ServiceLogger } from '../process/logger.ts'

export interface DebounceSettings {
  /** Longest wait of a change before its write starts. */
  readonly delayMs: number
  /** Shortest time between the starts of two writes. */
  readonly gapMs: number
}

export interface DebouncedBatchOptions<T> extends DebounceSettings {
  readonly name: string
  readonly log: ServiceLogger
  /** Gets each change once, however often it was added. */
  readonly write: (items: readonly T[]) => Promise<void>
}

/** After failures; the gap where that is longer. */
const retry = { firstMs: 500, maxMs: 30_000 }

export class DebouncedBatch<T> {
  readonly #options: DebouncedBatchOptions<T>
  #settings: DebounceSettings
  #waiting = new Set<T>()
  #firstMs = 0
  #failures = 0
  #restUntilMs = Number.NEGATIVE_INFINITY
  #lastWriteMs = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  #isClosed = false

  constructor(options: DebouncedBatchOptions<T>) {
    this.#options = options
    this.#settings = options
  }

  get settings(): DebounceSettings {
    const { delayMs, gapMs } = this.#settings
    return { delayMs, gapMs }
  }

  /** Also holds for what waits now. */
  adjust(settings: Partial<DebounceSettings>): void {
    this.#settings = { ...this.settings, ...settings }
    this.#arm()
  }

  /** Changes that are not yet written; those of a write under way are not among them. */
  get waiting(): number {
    return this.#waiting.size
  }

  add(items: Iterable<T>): void {
    const wasEmpty = this.#waiting.size === 0
    for (const item of items) this.#waiting.add(item)
    if (!wasEmpty || this.#waiting.size === 0) return
    this.#firstMs = performance.now()
    this.#arm()
  }

  /** Writes what waits; rejects with the error of that write. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#writing
    if (this.#waiting.size > 0) await this.#options.write([...this.#waiting])
    this.#waiting.clear()
  }

  #arm(): void {
    clearTimeout(this.#timer)
    if (this.#isClosed || this.#writing !== undefined || this.#waiting.size === 0) return
    const { delayMs, gapMs } = this.#settings
    const allowedMs = Math.max(this.#lastWriteMs + gapMs, this.#restUntilMs)
    const dueMs = Math.max(this.#firstMs + delayMs, allowedMs)
    this.#timer = setTimeout(() => this.#start(), Math.max(0, dueMs - performance.now()))
  }

  #start(): void {
    const items = this.#waiting
    this.#waiting = new Set()
    this.#lastWriteMs = performance.now()
    this.#writing = this.#write(items).finally(() => {
      this.#writing = undefined
      this.#arm()
    })
  }

  async #write(items: Set<T>): Promise<void> {
    try {
      await this.#options.write([...items])
      this.#failures = 0
    } catch (error) {
      this.#options.log.warn({ err: error, batch: this.#options.name }, 'batch kept for later')
      this.#restUntilMs = performance.now() + backoffMs(retry, this.#failures)
      this.#failures += 1
      if (this.#waiting.size === 0) this.#firstMs = performance.now()
      for (const item of items) this.#waiting.add(item)
    }
  }
}
