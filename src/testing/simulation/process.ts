/**
 * One simulated process: the real cache with its real memory tier and codec, on a clock of
 * its own that is wrong within the promise, behind its own faulty routes.
 */
import { createCache, type RuntimeCache } from '../../cache/index.ts'
import { openEnvelopes } from '../../codec/index.ts'
import type { CacheEvent } from '../../core/outcome.ts'
import { resolveOptions } from '../../core/resolved-options.ts'
import { AdaptiveMemory } from '../../memory/index.ts'
import { FaultyRemote } from '../faulty-remote.ts'
import { FaultyRoute, type Weather } from '../faulty-route.ts'
import type { FaultyServer } from '../faulty-server.ts'
import type { SeededChance } from '../seeded-chance.ts'
import { VirtualClock } from '../virtual-clock.ts'
import type { VirtualTime } from '../virtual-time.ts'
import type { Database } from './database.ts'
import { catalog, type FamilyName, registers, type Versioned } from './registers.ts'
import {
  budgetMs,
  clockRateError,
  connectTimeoutMs,
  leaseMs,
  loadTimeoutMs,
  lostTailMs,
  quarantineMs,
  trustMs,
  unansweredMsMax,
} from './settings.ts'
import { count, type Tallied } from './tally.ts'

export interface ProcessOptions {
  readonly name: string
  readonly time: VirtualTime
  readonly chance: SeededChance
  readonly partitions: number
  readonly database: Database
  readonly tally: Record<Tallied, number>
  /** True: an earlier primary may still have clients. */
  readonly hasReplicas: boolean
  readonly shadowReads: number | undefined
  readonly onStaleRead: (event: CacheEvent) => void
  serverOf(): FaultyServer
}

/** Steps of a `mutate`: its keys are in quarantine, it has committed, it knows that it has. */
export const writeSteps = ['placed', 'committed', 'answered'] as const
export type WriteStep = (typeof writeSteps)[number]

/** Wall clocks differ by up to an hour: nobody may compare them. */
const skewMsMax = 3_600_000
const startedMsMax = 100_000_000

export class SimulatedProcess {
  readonly name: string
  readonly clock: VirtualClock
  readonly chance: SeededChance
  readonly commands: FaultyRoute
  readonly bus: FaultyRoute
  readonly commandsWeather: SeededWeather
  readonly busWeather: SeededWeather
  /** Of single messages, while they are to be lost or doubled. */
  lostShare = 0
  doubledShare = 0
  /** When it was killed, and at which step of its next write it is to be. */
  diedMs: number = Number.POSITIVE_INFINITY
  diesAt: WriteStep | undefined
  #cache: RuntimeCache | undefined
  readonly #options: ProcessOptions

  constructor(options: ProcessOptions) {
    const { name, time, chance } = options
    this.#options = options
    this.name = name
    this.chance = chance
    this.clock = new VirtualClock({
      time,
      offsetMs: chance.between(0, startedMsMax),
      rate: 1 + chance.between(-clockRateError, clockRateError),
      wallMs: Date.UTC(2026, 0, 1) + chance.between(-skewMsMax, skewMsMax),
    })
    this.commandsWeather = new SeededWeather(chance.branch())
    this.busWeather = new SeededWeather(chance.branch())
    this.commands = new FaultyRoute(time, this.commandsWeather)
    this.bus = new FaultyRoute(time, this.busWeather)
  }

  /** Undefined: not opened yet, or over. */
  get cache(): RuntimeCache | undefined {
    return this.clock.hasEnded ? undefined : this.#cache
  }

  async open(): Promise<void> {
    const { chance, tally, onStaleRead } = this.#options
    const { clock } = this
    const options = resolveOptions(catalog, this.#cacheOptions())
    const memory = new AdaptiveMemory({ bytesMax: 1_000_000, entriesMax: 1_000 })
    const nextTurn = async () => {}
    const envelopes = { sources: options.sources, chance, nextTurn }
    const envelopeOf = await openEnvelopes(catalog.compiled.values(), envelopes)
    const tiers = {
      remote: this.#remote(),
      memory,
      envelopeOf,
      clock,
      chance,
      spool: undefined,
    }
    const notify = (event: CacheEvent) => {
      count(tally, event)
      if (event.kind === 'staleRead') onStaleRead(event)
    }
    const log = { hits: true, notify }
    this.#cache = await createCache(catalog, options, { ...tiers, log })
  }

  /** Nothing of it happens any more; what it has sent is on its way. */
  kill(): void {
    if (this.clock.hasEnded) return
    this.diedMs = this.clock.time.nowMs
    this.clock.end()
  }

  #cacheOptions(): object {
    return {
      service: this.name,
      partitions: this.#options.partitions,
      trust: trustMs,
      budget: budgetMs,
      leaseTtl: leaseMs,
      loadTimeout: loadTimeoutMs,
      quarantine: quarantineMs,
      connectTimeout: connectTimeoutMs,
      log: false,
      shadowReads: this.#options.shadowReads,
      sources: {
        item: async (id: number) => (await this.#load('item', [id]))[0],
        member: { many: (ids: readonly number[]) => this.#load('member', ids) },
        quote: async (id: number) => (await this.#load('quote', [id]))[0],
        note: async (id: number) => (await this.#load('note', [id]))[0],
      },
    }
  }

  async #load(
    family: FamilyName,
    ids: readonly number[],
  ): Promise<readonly (Versioned | undefined)[]> {
    const wanted = ids.map((id) => {
      const found = registers.find((each) => each.family === family && each.id === id)
      if (found === undefined) throw new RangeError(`no register ${family}:${id}`)
      return found
    })
    const versions = await this.#options.database.read(this, wanted)
    return versions.map((version, index) => {
      const isAbsent = version === 0 && family === 'item'
      return isAbsent ? undefined : { id: ids[index] ?? 0, version }
    })
  }

  #remote(): FaultyRemote {
    const { chance, partitions, hasReplicas, serverOf } = this.#options
    const faults = {
      isLost: () => this.lostShare > 0 && chance.happens(this.lostShare),
      isDoubled: () => this.doubledShare > 0 && chance.happens(this.doubledShare),
    }
    return new FaultyRemote({
      ...{ clock: this.clock, chance, partitions, faults, serverOf },
      ...{ commands: this.commands, bus: this.bus },
      ...{ connectTimeoutMs, unansweredMsMax, lostTailMs: hasReplicas ? lostTailMs : undefined },
    })
  }
}

/** Mostly fast, now and then slow; slower still while the network is. */
class SeededWeather implements Weather {
  factor = 1
  readonly #chance: SeededChance

  constructor(chance: SeededChance) {
    this.#chance = chance
  }

  delayMs(): number {
    const isSlow = this.#chance.happens(0.04)
    const ms = isSlow ? this.#chance.between(5, 60) : this.#chance.between(0.1, 3)
    return this.factor * ms
  }
}
