/**
 * A value that is old but still there is loaded by one process of all: the one that holds its
 * refresh lock. The lock saves loads and nothing else: whoever stores compares the fill that
 * it saw, so two that load after all (a lock was lost) do no harm.
 *
 * After a failure the lock is given back and this process pauses. Another may then try for
 * itself: whoever waited for the lock must not be held up by a source that has failed.
 */
import type { Timer } from '../core/contracts/clock.ts'
import type { LockReply } from '../core/contracts/store.ts'
import type { Budget } from '../resilience/index.ts'
import { byPartition, inChunks } from './by-partition.ts'
import type { Engine } from './engine.ts'
import { staleReasonOf } from './faults.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Gate } from './gate.ts'
import type { Pauses } from './pauses.ts'

/** Locks of one partition asked for at once. */
const atOnceMax = 200

export interface ElectorParts {
  readonly engine: Engine
  readonly gate: Gate
  readonly pauses: Pauses
}

/** The lock of a flight while its load runs. */
interface Term {
  readonly token: string
  timer: Timer | undefined
}

export class Elector {
  readonly #parts: ElectorParts
  readonly #terms = new Map<KeyFlight, Term>()

  constructor(parts: ElectorParts) {
    this.#parts = parts
  }

  /** Those that are loaded by others. Where nobody can be asked, nobody is elected either. */
  async elect(flights: readonly KeyFlight[], budget: Budget): Promise<readonly KeyFlight[]> {
    const others: KeyFlight[] = []
    await Promise.all(
      byPartition(flights).map(async (group) => {
        for (const some of inChunks(group, atOnceMax)) {
          others.push(...(await this.#electSome(some, budget)))
        }
      }),
    )
    return others
  }

  async #electSome(group: readonly KeyFlight[], budget: Budget): Promise<readonly KeyFlight[]> {
    const tokens = group.map(() => this.#parts.engine.chance.token())
    const replies = await this.#ask(group, tokens, budget)
    return group.filter((flight, index) => {
      const [reply, token] = [replies?.[index], tokens[index]]
      if (reply === undefined || token === undefined) return false
      if (reply.kind === 'granted') this.#begin(flight, token)
      return reply.kind !== 'granted'
    })
  }

  /** Elected in vain: what they wanted is there, or somebody else loads it all the same. */
  dismiss(flights: readonly KeyFlight[], ready: readonly KeyFlight[]): void {
    if (this.#terms.size === 0) return
    for (const flight of flights) {
      if (flight.isElected && !ready.includes(flight)) {
        this.#parts.engine.tasks.run(this.#end(flight))
      }
    }
  }

  /** Follows loads to their end, which ends what they were elected for. */
  watch(flights: readonly KeyFlight[], loading: Promise<void>): Promise<void> {
    const isAging = flights.some(({ agedFid }) => agedFid !== undefined)
    return isAging || this.#parts.pauses.count > 0 ? this.#watch(flights, loading) : loading
  }

  async #watch(flights: readonly KeyFlight[], loading: Promise<void>): Promise<void> {
    const { pauses } = this.#parts
    try {
      await loading
    } finally {
      for (const { key, failure, agedFid } of flights) {
        if (failure === undefined) pauses.succeeded(key)
        const why = agedFid === undefined ? undefined : staleReasonOf(failure)
        if (why !== undefined) pauses.failed(key, why)
      }
      await Promise.all(flights.map((flight) => this.#end(flight)))
    }
  }

  #ask(
    group: readonly KeyFlight[],
    tokens: readonly string[],
    budget: Budget,
  ): Promise<readonly LockReply[] | undefined> {
    const { engine, gate } = this.#parts
    const { store, settings } = engine
    const partition = group[0]?.partition ?? 0
    const ttlMs = settings.leaseMs
    return gate.write(partition, budget, () => {
      const asks = group.map((flight, index) => ({ name: lockName(flight), token: tokens[index] }))
      return Promise.all(
        asks.map(({ name, token = '' }) => store.lock(partition, { name, token, ttlMs })),
      )
    })
  }

  /** Renewed like a lease: whoever dies gives it up, whoever is slow keeps it. */
  #begin(flight: KeyFlight, token: string): void {
    const { clock, tasks, store, settings } = this.#parts.engine
    const term: Term = { token, timer: undefined }
    const lock = { name: lockName(flight), token, ttlMs: settings.leaseMs }
    const renew = () => {
      tasks.run(store.lock(flight.partition, lock).catch(() => {}))
      schedule()
    }
    const schedule = () => {
      term.timer = clock.timer(settings.leaseMs / 2, renew, 'background')
    }
    schedule()
    flight.isElected = true
    this.#terms.set(flight, term)
  }

  /** A lock that can't be given back runs out. */
  async #end(flight: KeyFlight): Promise<void> {
    const term = this.#terms.get(flight)
    if (term === undefined) return
    this.#terms.delete(flight)
    term.timer?.cancel()
    flight.isElected = false
    const { store } = this.#parts.engine
    const lock = { name: lockName(flight), token: term.token }
    await store.unlock(flight.partition, lock).catch(() => {})
  }
}

/** No name of `cache.lock` has a colon: they are encoded. */
function lockName({ key }: KeyFlight): string {
  return `r:${key}`
}
