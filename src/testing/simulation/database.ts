/**
 * The source of truth: registers whose versions only rise. A commit and a read each happen at
 * one instant in the database, some time after they were asked for and before they are answered.
 */
import type { SeededChance } from '../seeded-chance.ts'
import type { VirtualClock } from '../virtual-clock.ts'
import type { VirtualTime } from '../virtual-time.ts'
import type { Register } from './registers.ts'

/** A load that fails, as some do. */
export class SourceFailed extends Error {
  override readonly name = 'SourceFailed'
}

export interface DatabaseClient {
  readonly clock: VirtualClock
  readonly chance: SeededChance
}

const failureProbability = 0.01
const slowProbability = 0.04
/** Some loads outlast a lease without renewal, and some the load timeout. */
const slowMsMax = 3_500

export class Database {
  readonly #time: VirtualTime
  readonly #versions = new Map<string, number>()
  /** Ends of waits that nobody has answered; in the end, those of processes that died. */
  readonly #unheard = new Set<() => void>()

  constructor(time: VirtualTime) {
    this.#time = time
  }

  /** 0: it does not exist yet. */
  versionOf(key: string): number {
    return this.#versions.get(key) ?? 0
  }

  /** What a transaction does before it commits. */
  async work(client: DatabaseClient, ms: number): Promise<void> {
    if (ms > 0) await this.#ask(client, ms, () => {})
  }

  /** Resolves to the versions that were committed, all at one instant. */
  async commit(
    client: DatabaseClient,
    wanted: readonly Register[],
    onCommit: (versions: readonly number[]) => void = () => {},
  ): Promise<readonly number[]> {
    return this.#ask(client, client.chance.between(0.3, 8), () => {
      const versions = wanted.map(({ key }) => {
        const version = this.versionOf(key) + 1
        this.#versions.set(key, version)
        return version
      })
      onCommit(versions)
      return versions
    })
  }

  /** Rejects now and then. */
  async read(client: DatabaseClient, wanted: readonly Register[]): Promise<readonly number[]> {
    const { chance } = client
    const isSlow = chance.happens(slowProbability)
    const ms = isSlow ? chance.between(100, slowMsMax) : chance.between(0.5, 25)
    const versions = await this.#ask(client, ms, () => wanted.map(({ key }) => this.versionOf(key)))
    if (chance.happens(failureProbability)) throw new SourceFailed('the database failed')
    return versions
  }

  /**
   * Ends what dead processes were waiting for, when nothing they do counts any more: a load
   * that never ends would slow every promise of the runs after this one (see `LoadScope`).
   */
  dismiss(): void {
    for (const dismissed of this.#unheard) dismissed()
    this.#unheard.clear()
  }

  #ask<T>({ clock, chance }: DatabaseClient, ms: number, execute: () => T): Promise<T> {
    const thereMs = ms * chance.unit()
    return new Promise((resolve, reject) => {
      const dismissed = () => reject(new SourceFailed('the run is over'))
      this.#unheard.add(dismissed)
      const answer = (result: T) => {
        this.#unheard.delete(dismissed)
        resolve(result)
      }
      this.#time.at(this.#time.nowMs + thereMs, () => {
        const result = execute()
        const backMs = this.#time.nowMs + ms - thereMs
        this.#time.at(backMs, () => clock.receive(() => answer(result)))
      })
    })
  }
}
