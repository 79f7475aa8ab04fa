/**
 * A lock while its work runs: renewed at a third of its time, and given up for lost when a
 * whole time has passed since the last renewal that was acknowledged was asked for, by this
 * process's own clock. The server counts from a later moment, so it forgets later than that.
 */
import type { Timer } from '../core/contracts/clock.ts'
import { type LockReply, StoreFault } from '../core/contracts/store.ts'
import { Budget } from '../resilience/index.ts'
import type { Engine } from './engine.ts'
import { closedError, lockLost } from './faults.ts'

const renewalsPerTime = 3

export interface LockPlace {
  /** Encoded. */
  readonly name: string
  readonly partition: number
  /** Of this holder. */
  readonly token: string
  readonly ttlMs: number
}

export interface LockStart {
  readonly fence: number
  /** Its time counts from when it was asked for. */
  readonly sentMs: number
  /** Fires when the cache begins to close. */
  readonly closing: AbortSignal
}

export class HeldLock {
  readonly #engine: Engine
  readonly #place: LockPlace
  readonly #start: LockStart
  readonly #controller = new AbortController()
  #renewal: Timer | undefined
  #expiry: Timer | undefined
  #hasEnded = false

  constructor(engine: Engine, place: LockPlace, start: LockStart) {
    this.#engine = engine
    this.#place = place
    this.#start = start
    start.closing.addEventListener('abort', this.#onClosing)
    this.#runOn(start.sentMs)
    this.#schedule()
  }

  /** Fires when it may be somebody else's. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The work has ended. Whoever asks afterwards gets it; what can't be given back expires. */
  async end(): Promise<void> {
    this.#stop()
    const { partition, name, token } = this.#place
    const { store, clock, settings } = this.#engine
    const given = store.unlock(partition, { name, token }).catch(() => {})
    await new Budget(clock, settings.budgetMs).wait(given)
  }

  #runOn(sentMs: number): void {
    const { clock } = this.#engine
    this.#expiry?.cancel()
    const leftMs = sentMs + this.#place.ttlMs - clock.now()
    this.#expiry = clock.timer(Math.max(0, leftMs), () => this.#lose(), 'background')
  }

  #schedule(): void {
    const { clock, tasks } = this.#engine
    const renew = () => {
      tasks.run(this.#renew())
      this.#schedule()
    }
    this.#renewal = clock.timer(this.#place.ttlMs / renewalsPerTime, renew, 'background')
  }

  async #renew(): Promise<void> {
    const { clock, store } = this.#engine
    const { partition, name, token, ttlMs } = this.#place
    const sentMs = clock.now()
    let reply: LockReply
    try {
      reply = await store.lock(partition, { name, token, ttlMs })
    } catch (error) {
      // There is time for another attempt until it expires.
      if (error instanceof StoreFault) return
      throw error
    }
    if (this.#hasEnded) return
    // A higher fence: it had been lost, and somebody else may have had it in between.
    if (reply.kind === 'granted' && reply.fence === this.#start.fence) this.#runOn(sentMs)
    else this.#lose()
  }

  #lose(): void {
    const { name: lock } = this.#place
    const error = lockLost(lock)
    this.#stop()
    const { watchers } = this.#engine
    watchers.tell({ kind: 'lock', lock, outcome: 'lost', waitMs: 0 })
    watchers.tell({ kind: 'fault', error })
    this.#controller.abort(error)
  }

  readonly #onClosing = (): void => {
    this.#stop()
    this.#controller.abort(closedError())
  }

  #stop(): void {
    this.#hasEnded = true
    this.#renewal?.cancel()
    this.#expiry?.cancel()
    this.#start.closing.removeEventListener('abort', this.#onClosing)
  }
}
