/** Debounces on a virtual clock, with a flush that writes down what it was given. */
import { Deferred } from '../base/deferred.ts'
import type { Debounce, DebounceOptions } from '../core/debounce.ts'
import type { CacheEvent } from '../core/outcome.ts'
import { SeededChance } from '../testing/seeded-chance.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { Debounces } from './debounces.ts'
import type { Engine } from './engine.ts'
import { Watchers } from './watchers.ts'

export type Options = DebounceOptions<string, number>

export interface Write {
  readonly atMs: number
  readonly entries: Readonly<Record<string, number>>
}

export const loadTimeoutMs = 10_000

export class DebounceWorld {
  readonly clock: VirtualClock = new VirtualClock()
  readonly debounces: Debounces
  readonly faults: CacheEvent[] = []
  readonly writes: Write[] = []
  /** Of all flushes. */
  readonly signals: AbortSignal[] = []
  /** So many of the next flushes fail. */
  failures = 0
  #held: Deferred<void> | undefined

  constructor() {
    const watchers = new Watchers()
    watchers.add({ notify: (event) => this.faults.push(event) })
    const parts = { clock: this.clock, watchers, settings: { loadTimeoutMs } }
    this.debounces = new Debounces({ ...parts, chance: new SeededChance(1) } as unknown as Engine)
  }

  open(options: Partial<Options> = {}): Debounce<string, number> {
    const flush: Options['flush'] = async (entries, { signal }) => {
      this.signals.push(signal)
      await this.#held?.promise
      if (this.failures > 0) {
        this.failures--
        throw new Error('the database is away')
      }
      const atMs = Math.round(this.clock.now())
      this.writes.push({ atMs, entries: Object.fromEntries(entries) })
    }
    return this.debounces.debounce({ wait: '15s', flush, ...options })
  }

  /** Flushes take until they are let go. */
  hold(): void {
    this.#held = new Deferred()
  }

  letGo(): void {
    this.#held?.resolve()
    this.#held = undefined
  }
}
