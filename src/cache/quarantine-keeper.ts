/**
 * Keeps quarantines of writes under way on the server: places them, renews them, and
 * places them again on a new connection before anything is read on it (PROTOCOL 3.1, 3.5).
 */
import { type Placement, Quarantines } from '../coherence/index.ts'
import type { Timer } from '../core/contracts/clock.ts'
import { StoreFault, type ToldReply } from '../core/contracts/store.ts'
import { Budget } from '../resilience/index.ts'
import { byPartition } from './by-partition.ts'
import type { Engine } from './engine.ts'

/** Of one write, from before it begins until its release. */
export interface Quarantine {
  /** Of this write alone, for all of its keys. */
  readonly token: string
  readonly placements: readonly Placement[]
}

export class QuarantineKeeper {
  readonly #engine: Engine
  readonly #quarantineMs: number
  readonly #quarantines = new Quarantines()
  readonly #timers = new Map<Quarantine, Timer>()
  #isStopped = false

  constructor(engine: Engine, quarantineMs: number) {
    this.#engine = engine
    this.#quarantineMs = quarantineMs
  }

  get keyCount(): number {
    return this.#quarantines.keyCount
  }

  /** Undefined: too many keys are in quarantine already. Nothing is placed by this. */
  begin(keys: readonly string[], reason: string): Quarantine | undefined {
    if (!this.#quarantines.hasRoomFor(keys.length)) return undefined
    const { chance, store } = this.#engine
    const token = chance.token()
    const places = keys.map((key) => ({ partition: store.partitionOf(key), ask: { key, token } }))
    const placements = byPartition(places).map((group): Placement => {
      return { partition: group[0]?.partition ?? 0, asks: group.map(({ ask }) => ask), reason }
    })
    for (const placement of placements) this.#quarantines.begin(placement)
    const quarantine = { token, placements }
    this.#schedule(quarantine)
    return quarantine
  }

  /** Rejects with `StoreFault`; whatever comes of it, it is kept in place from now on. */
  async place(placement: Placement): Promise<ToldReply> {
    const { store, settings } = this.#engine
    const { partition, asks, reason } = placement
    this.#quarantines.want(placement)
    const connected = store.connectedOf(partition)
    const reply = await store.place(partition, {
      stamp: connected?.stamp ?? '',
      quarantineMs: this.#quarantineMs,
      asks,
      origin: settings.process,
      reason,
    })
    if (connected !== undefined) this.#quarantines.placed(placement, connected.generation)
    return reply
  }

  /** All of it is wanted, also what could not be placed yet. */
  keep({ placements }: Quarantine): void {
    for (const placement of placements) this.#quarantines.want(placement)
  }

  /** Keys of which the server was asked, so that they may be in quarantine. */
  keysAsked({ placements }: Quarantine): readonly string[] {
    const sent = placements.filter((placement) => this.#quarantines.isWanted(placement))
    return sent.flatMap(({ asks }) => asks.map(({ key }) => key))
  }

  /** To be called before the release is sent, so that nothing is placed after it. */
  end(quarantine: Quarantine): void {
    this.#timers.get(quarantine)?.cancel()
    this.#timers.delete(quarantine)
    for (const placement of quarantine.placements) this.#quarantines.forget(placement)
  }

  /** Places what is missing on the present connection; false: it is of no use now. */
  async restore(partition: number): Promise<boolean> {
    const connected = this.#engine.store.connectedOf(partition)
    if (connected === undefined) return false
    const missing = this.#quarantines.missing(partition, connected.generation)
    const outcomes = await Promise.all(missing.map((placement) => this.#attempt(placement)))
    return !outcomes.includes('unreachable')
  }

  /** Those that run end by their deadlines: the cache is closed. */
  stop(): void {
    this.#isStopped = true
    for (const quarantine of this.#timers.keys()) this.end(quarantine)
  }

  #schedule(quarantine: Quarantine): void {
    if (this.#isStopped) return
    const { clock, tasks } = this.#engine
    const renew = () => {
      for (const placement of quarantine.placements) {
        // What has no answer now is tried again before the next beat.
        this.#quarantines.lapsed(placement)
        tasks.run(this.#attempt(placement))
      }
      this.#schedule(quarantine)
    }
    this.#timers.set(quarantine, clock.timer(this.#quarantineMs / 2, renew, 'background'))
  }

  /** A server that refuses is there: beats and reads go on. */
  async #attempt(placement: Placement): Promise<'placed' | 'refused' | 'unreachable'> {
    const { clock, settings } = this.#engine
    try {
      const reply = await new Budget(clock, settings.trustMs).wait(this.place(placement))
      return reply === undefined ? 'unreachable' : 'placed'
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error
      return error.kind === 'refused' ? 'refused' : 'unreachable'
    }
  }
}
