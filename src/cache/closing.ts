/**
 * The end of a cache (CONTRACT 28): new calls are refused, loads get a grace, what is
 * pending is sent within it or reported, and nothing is left behind.
 */
import { setMaxListeners } from 'node:events'
import type { Courier } from './courier.ts'
import type { Engine } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { closedError, closedPending } from './faults.ts'
import type { Heart } from './heart.ts'

/** For loads under way and for pending invalidations. */
const graceMs = 1_000

export class Closing {
  readonly #engine: Engine
  readonly #heart: Heart
  readonly #courier: Courier
  readonly #families: Iterable<FamilyRuntime>
  readonly #loads = new AbortController()
  #end: Promise<void> | undefined

  constructor(engine: Engine, heart: Heart, courier: Courier, families: Iterable<FamilyRuntime>) {
    this.#engine = engine
    this.#heart = heart
    this.#courier = courier
    this.#families = [...families]
    // Every load under way listens; that many are no leak.
    setMaxListeners(0, this.#loads.signal)
  }

  get hasBegun(): boolean {
    return this.#end !== undefined
  }

  /** Fires when loads have had their grace. */
  get signal(): AbortSignal {
    return this.#loads.signal
  }

  close(): Promise<void> {
    this.#end ??= this.#close()
    return this.#end
  }

  async #close(): Promise<void> {
    const { clock, tasks, remote, journal, watchers } = this.#engine
    for (const { trust } of this.#engine.partitions) trust.lose('closed')
    for (const family of this.#families) family.region.dropAll()
    this.#heart.stop()
    const grace = new Promise<void>((resolve) => {
      const timer = clock.timer(graceMs, resolve)
      void this.#finish().then(() => {
        timer.cancel()
        resolve()
      })
    })
    await grace
    this.#loads.abort(closedError())
    if (journal.size > 0) {
      watchers.tell({ kind: 'fault', error: closedPending(journal.size) })
    }
    await remote.close()
    await tasks.settled()
  }

  async #finish(): Promise<void> {
    for (const { index } of this.#engine.partitions) await this.#courier.deliver(index)
    await this.#engine.tasks.settled()
  }
}
