/**
 * Gathers changes by key and has them written together (`debounce-schedule.ts` says when).
 *
 *   add ──▶ waiting ──due──▶ being written ──▶ written
 *              ▲                   │ failed: waits again, newer values win
 *              └───────────────────┘
 *
 * One flush at a time: a second one could be overtaken by the first, and its newer value with
 * it. So one that does not obey its signal holds up the others, and room runs out at last;
 * then `add` refuses, because whoever changes things must know that nobody writes them.
 */

import type { Timer } from '../core/contracts/clock.ts'
import type { Debounce, DebounceOptions, DebouncePace, DebounceStats } from '../core/debounce.ts'
import { Budget } from '../resilience/index.ts'
import { type DebounceRules, debounceRules, repaced } from './debounce-rules.ts'
import { type DebounceState, goesAlongSinceMs, nextFlushMs, pauseMs } from './debounce-schedule.ts'
import type { Engine } from './engine.ts'
import {
  closedError,
  debounceFailed,
  debounceFull,
  debounceLost,
  flushTimeout,
  mergeFailed,
} from './faults.ts'
import { PendingChanges } from './pending-changes.ts'

/** What is written at closing has this long. */
export const debounceGraceMs = 1_000
/** Between two attempts then. */
const closingPauseMs = 50

export class Debouncer<K, V> implements Debounce<K, V> {
  readonly #engine: Engine
  readonly #onClosed: () => void
  readonly #pending: PendingChanges<K, V>
  #rules: DebounceRules<K, V>
  /** Under way; never rejects. True: it was written. */
  #flushing: Promise<boolean> | undefined
  #controller: AbortController | undefined
  #timer: Timer | undefined
  #lastError: unknown
  #lastMs = Number.NEGATIVE_INFINITY
  #pausedUntilMs = Number.NEGATIVE_INFINITY
  #failuresInRow = 0
  #end: Promise<void> | undefined
  #flushes = 0
  #written = 0
  #failures = 0
  #refused = 0

  constructor(engine: Engine, options: DebounceOptions<K, V>, onClosed: () => void) {
    this.#engine = engine
    this.#onClosed = onClosed
    this.#rules = debounceRules(options)
    this.#pending = new PendingChanges((older, newer) => this.#merge(older, newer))
  }

  get size(): number {
    return this.#pending.size
  }

  get stats(): DebounceStats {
    return {
      pending: this.size,
      flushes: this.#flushes,
      written: this.#written,
      failures: this.#failures,
      refused: this.#refused,
    }
  }

  add(key: K, value: V): void {
    if (this.#end !== undefined) throw closedError()
    if (this.size >= this.#rules.sizeMax && !this.#pending.has(key)) {
      this.#refused++
      throw debounceFull(this.#rules.sizeMax)
    }
    this.#pending.put(key, value, this.#engine.clock.now())
    this.#schedule()
  }

  configure(pace: DebouncePace): void {
    this.#rules = repaced(this.#rules, pace)
    this.#schedule()
  }

  async flush(): Promise<void> {
    // What changes from now on is not waited for.
    const untilMs = this.#engine.clock.now()
    while (this.#flushing !== undefined || (this.#pending.oldestMs ?? Infinity) <= untilMs) {
      if (!(await (this.#flushing ?? this.#begin(untilMs)))) throw this.#lastError
    }
  }

  close(): Promise<void> {
    this.#end ??= this.#close()
    return this.#end
  }

  async #close(): Promise<void> {
    const { clock } = this.#engine
    this.#timer?.cancel()
    const grace = { isOver: false }
    await new Budget(clock, debounceGraceMs).wait(this.#writeAll(grace))
    grace.isOver = true
    this.#timer?.cancel()
    this.#controller?.abort(closedError())
    this.#onClosed()
    const lost = this.#pending.drop()
    if (lost > 0) throw debounceLost(lost, this.#lastError)
  }

  /** Again and again, as long as there is time. */
  async #writeAll(grace: { readonly isOver: boolean }): Promise<void> {
    while (this.size > 0 && !grace.isOver) {
      const isWritten = await (this.#flushing ?? this.#begin(Number.POSITIVE_INFINITY))
      if (!isWritten && !grace.isOver) await this.#pause(closingPauseMs)
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#timer = this.#engine.clock.timer(ms, resolve)
    })
  }

  get #state(): DebounceState {
    const { waitMs, gapMs, sizeMax } = this.#rules
    const { oldestMs, size } = this.#pending
    const [lastMs, pausedUntilMs] = [this.#lastMs, this.#pausedUntilMs]
    return { waitMs, gapMs, oldestMs, size, sizeMax, lastMs, pausedUntilMs }
  }

  #schedule(): void {
    this.#timer?.cancel()
    if (this.#end !== undefined || this.#flushing !== undefined) return
    const { clock } = this.#engine
    const atMs = nextFlushMs(this.#state)
    if (atMs === undefined) return
    this.#timer = clock.timer(Math.max(0, atMs - clock.now()), () => {
      // A timer may fire a little early.
      if (clock.now() < atMs) this.#schedule()
      else void this.#begin(goesAlongSinceMs(this.#state, clock.now()))
    })
  }

  /** One batch of what has changed by then. */
  #begin(sinceMs: number): Promise<boolean> {
    const { clock, settings } = this.#engine
    this.#timer?.cancel()
    this.#lastMs = clock.now()
    const entries = this.#pending.take(sinceMs, this.#rules.batchMax)
    const controller = new AbortController()
    this.#controller = controller
    const late = () => controller.abort(flushTimeout(settings.loadTimeoutMs))
    const deadline = clock.timer(settings.loadTimeoutMs, late)
    const flushing = this.#write(entries, controller.signal).finally(() => {
      deadline.cancel()
      this.#flushing = undefined
      this.#schedule()
    })
    this.#flushing = flushing
    return flushing
  }

  async #write(entries: ReadonlyMap<K, V>, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#rules.flush(entries, { signal })
    } catch (error) {
      this.#failed(error)
      return false
    }
    this.#pending.written()
    this.#flushes++
    this.#written += entries.size
    this.#failuresInRow = 0
    return true
  }

  /** One that throws loses nothing that is newer. */
  #merge(older: V, newer: V): V {
    try {
      return this.#rules.merge(older, newer)
    } catch (cause) {
      this.#engine.watchers.tell({ kind: 'fault', error: mergeFailed(cause) })
      return newer
    }
  }

  #failed(error: unknown): void {
    const { clock, chance, watchers } = this.#engine
    this.#pending.failed()
    this.#failures++
    this.#failuresInRow++
    this.#lastError = error
    const waitMs = pauseMs(this.#failuresInRow, this.#rules.gapMs, chance.unit())
    this.#pausedUntilMs = clock.now() + waitMs
    watchers.tell({ kind: 'fault', error: debounceFailed(this.size, error) })
  }
}
