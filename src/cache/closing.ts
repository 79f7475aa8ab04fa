/**
 * The end of a cache (CONTRACT 28): new calls are refused, loads get a grace, what is
 * pending is sent within it or reported, and nothing is left behind.
 */
import { setMaxListeners } from 'node:events'
import { Budget } from '../resilience/index.ts'
import type { Courier } from './courier.ts'
import type { Debounces } from './debounces.ts'
import type { Engine } from './engine.ts'
import type { Executor } from './executor.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { closedError, closedPending, internalFault } from './faults.ts'
import type { Heart } from './heart.ts'
import type { QuarantineKeeper } from './quarantine-keeper.ts'
import type { Replayer } from './replayer.ts'
import type { ShadowReader } from './shadow-reader.ts'
import type { Spooler } from './spooler.ts'
import type { Tasks } from './tasks.ts'

/** For loads under way and for pending invalidations. */
const graceMs = 1_000

export interface ClosingParts {
  readonly engine: Engine
  readonly heart: Heart
  readonly debounces: Debounces
  readonly executor: Executor
  readonly courier: Courier
  readonly replayer: Replayer
  readonly spooler: Spooler
  readonly quarantines: QuarantineKeeper
  readonly works: Tasks
  /** With shadow reads. */
  readonly shadow: ShadowReader | undefined
  readonly families: readonly FamilyRuntime[]
}

export class Closing {
  readonly #parts: ClosingParts
  readonly #loads = new AbortController()
  readonly #beginning = new AbortController()
  #hasBegun = false
  #end: Promise<void> | undefined

  constructor(parts: ClosingParts) {
    this.#parts = parts
    // Every load under way and every lock listens; that many are no leak.
    setMaxListeners(0, this.#loads.signal, this.#beginning.signal)
  }

  get hasBegun(): boolean {
    return this.#hasBegun
  }

  /** Fires when it begins. */
  get beginning(): AbortSignal {
    return this.#beginning.signal
  }

  /** Fires when loads have had their grace. */
  get signal(): AbortSignal {
    return this.#loads.signal
  }

  close(): Promise<void> {
    this.#end ??= this.#closeAll()
    return this.#end
  }

  /** What debounces still have to write needs a cache that works. */
  async #closeAll(): Promise<void> {
    const { debounces } = this.#parts
    if (!debounces.isEmpty) await debounces.close()
    await this.#close()
  }

  async #close(): Promise<void> {
    this.#hasBegun = true
    const { engine, heart, executor, spooler, quarantines, families, shadow } = this.#parts
    const { clock, tasks, remote, journal, watchers, partitions } = engine
    for (const { trust } of partitions) trust.lose('closed')
    for (const family of families) family.region.dropAll()
    executor.hurry()
    heart.stop()
    shadow?.stop()
    this.#beginning.abort(closedError())
    const finished = this.#finish().catch((error) => {
      watchers.tell({ kind: 'fault', error: internalFault(error) })
    })
    await new Budget(clock, graceMs).wait(finished)
    this.#loads.abort(closedError())
    quarantines.stop()
    if (journal.size > 0) {
      watchers.tell({ kind: 'fault', error: closedPending(journal.size) })
    }
    await heart.leave()
    await remote.close()
    await tasks.settled()
    await new Budget(clock, graceMs).wait(spooler.close())
  }

  async #finish(): Promise<void> {
    const { engine, courier, replayer, works } = this.#parts
    replayer.hurry()
    for (const { index } of engine.partitions) await courier.deliver(index)
    await works.settled()
    await engine.tasks.settled()
  }
}
