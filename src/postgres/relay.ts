/**
 * Carries changes of the database to the cache. Any number of processes may start one; a lock
 * of the database elects who works, and the others take over when its session ends.
 *
 * At least once, in this order: read, invalidate, remove. What could not be invalidated stays
 * where it is and is read again. A notification only shortens the pause before the next look.
 */
import type { Clock } from '../core/contracts/clock.ts'
import { isStaleproofError } from '../core/errors.ts'
import { Bell } from './bell.ts'
import type { Change } from './change.ts'
import type { Feed } from './feed.ts'
import { carryOut, planOf, type RelayedCache } from './plan.ts'
import type { ResolvedRelay } from './relay-options.ts'
import type { RelayEvent, RelayLag, RelayState, RelayStatus } from './relay-status.ts'
import { Session } from './session.ts'
import type { TableMap } from './table-map.ts'

const backoffMinMs = 100
const backoffMaxMs = 5_000
/** The reason of its invalidations, for logs. */
const reason = 'postgres'

export interface Relay {
  /** For health and metrics. */
  status(): RelayStatus
  /** Idempotent. Leaves no connection, timer or lock. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface RelayParts {
  readonly cache: RelayedCache
  readonly map: TableMap
  readonly options: ResolvedRelay
  readonly feed: Feed
  readonly clock: Clock
}

export class DatabaseRelay implements Relay {
  readonly #parts: RelayParts
  /** Rung by notifications, lost connections and `close`. */
  readonly #wake: Bell
  /** Rung by `close` alone: a back-off is not cut short by more work. */
  readonly #stop: Bell
  #state: RelayState = 'away'
  #isClosing = false
  #lag: RelayLag | undefined
  #counts = { delivered: 0, cleared: 0, faults: 0, observerErrors: 0 }
  #lastError: unknown
  #backoffMs = backoffMinMs
  #ended: Promise<void> = Promise.resolve()

  constructor(parts: RelayParts) {
    this.#parts = parts
    this.#wake = new Bell(parts.clock)
    this.#stop = new Bell(parts.clock)
  }

  /** Rejects with what somebody has to put right; a database that is away comes back. */
  async start(): Promise<void> {
    const session = await this.#connect().catch((error: unknown) => {
      if (isStaleproofError(error)) throw error
      this.#failed(error)
      return undefined
    })
    this.#ended = this.#run(session)
  }

  status(): RelayStatus {
    return { state: this.#state, lag: this.#lag, ...this.#counts, lastError: this.#lastError }
  }

  async close(): Promise<void> {
    this.#isClosing = true
    this.#wake.ring()
    this.#stop.ring()
    await this.#ended
    this.#enter('closed')
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #run(first: Session | undefined): Promise<void> {
    let session = first
    while (!this.#isClosing) {
      try {
        session ??= await this.#connect()
        await this.#serve(session)
      } catch (error) {
        this.#failed(error)
      }
      await session?.close()
      session = undefined
      this.#enter('away')
      if (!this.#isClosing) await this.#backOff()
    }
    await session?.close()
  }

  async #connect(): Promise<Session> {
    const { options, clock, feed } = this.#parts
    const onWake = () => this.#wake.ring()
    const session = await Session.open({ connection: options.connection, clock, onWake })
    try {
      await feed.check(session)
      return session
    } catch (error) {
      await session.close()
      throw error
    }
  }

  /** Until it is closed or the session fails. */
  async #serve(session: Session): Promise<void> {
    const { feed, options } = this.#parts
    this.#enter('standby')
    while (!(await session.tryLock(feed.lockName))) {
      this.#backoffMs = backoffMinMs
      await this.#wake.wait(options.pollMs)
      if (this.#isClosing) return
    }
    await feed.open(session)
    this.#enter('leader')
    while (!this.#isClosing) {
      const hasMore = await this.#round(session)
      if (!hasMore) await this.#wake.wait(options.pollMs)
    }
  }

  async #round(session: Session): Promise<boolean> {
    try {
      const hasMore = await this.#parts.feed.round(session, {
        measured: (lag) => {
          this.#lag = lag
        },
        deliver: (changes) => this.#deliver(changes),
      })
      this.#lastError = undefined
      this.#backoffMs = backoffMinMs
      return hasMore
    } catch (error) {
      // Redis is away, the database is not: nothing was removed, and this one stays elected.
      if (!isStaleproofError(error, 'SP_INVALIDATION_PENDING')) throw error
      this.#failed(error)
      await this.#backOff()
      return true
    }
  }

  async #deliver(changes: readonly Change[]): Promise<void> {
    const { cache, map } = this.#parts
    const plan = planOf(changes, map, cache)
    for (const error of plan.faults) {
      this.#counts.faults += 1
      this.#notify({ kind: 'fault', error })
    }
    await carryOut(plan, cache, reason)
    this.#counts.delivered += 1
    if (plan.isEverything) this.#counts.cleared += 1
    this.#notify({
      kind: 'delivered',
      changes: changes.length,
      keys: plan.keys.size,
      tags: plan.tags.size,
      families: plan.families.size,
      isEverything: plan.isEverything,
    })
  }

  /** Whoever is told can't stop what is told of. */
  #notify(event: RelayEvent): void {
    try {
      this.#parts.options.onEvent(event)
    } catch {
      this.#counts.observerErrors += 1
    }
  }

  #enter(state: RelayState): void {
    if (this.#state === state) return
    this.#state = state
    this.#notify({ kind: 'state', state })
  }

  #failed(error: unknown): void {
    this.#lastError = error
    this.#notify({ kind: 'failed', error })
  }

  async #backOff(): Promise<void> {
    const pauseMs = this.#backoffMs
    this.#backoffMs = Math.min(pauseMs * 2, backoffMaxMs)
    await this.#stop.wait(pauseMs)
  }
}
