/**
 * What keeps and delivers invalidations, on an embedded server and a virtual clock; the
 * server can be told to refuse, to be away, or to leave questions unanswered.
 */
import {
  Flights,
  GroupClocks,
  Journal,
  Registry,
  ReplayRing,
  ServerTime,
  Trust,
} from '../coherence/index.ts'
import type { Spool } from '../core/contracts/spool.ts'
import {
  type Connected,
  type InvalidateAsk,
  type Store,
  StoreFault,
} from '../core/contracts/store.ts'
import type { CacheEvent } from '../core/outcome.ts'
import { EmbeddedServer, openEmbedded } from '../embedded/index.ts'
import { AdaptiveMemory } from '../memory/index.ts'
import { Breaker } from '../resilience/index.ts'
import { SeededChance } from '../testing/seeded-chance.ts'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { CoherenceMeter } from './coherence-meter.ts'
import { DeliveryCounters } from './counters.ts'
import { Courier, type Sweep } from './courier.ts'
import type { Engine } from './engine.ts'
import { Evictor } from './evictor.ts'
import type { KeyFlight } from './flight-of.ts'
import { Keeper } from './keeper.ts'
import { RedisMeter } from './redis-meter.ts'
import { Replayer } from './replayer.ts'
import { Spooler } from './spooler.ts'
import { Tasks } from './tasks.ts'
import { Watchers } from './watchers.ts'

export const trustMs = 1_500

/** How the server takes a method: as usual, or never answered, or with a fault. */
export type Manner = 'answer' | 'silence' | 'refused' | 'down' | 'lost'

export interface Call {
  readonly method: string
  readonly partition: number
  readonly request: unknown
}

export interface DeliveryWorld {
  readonly engine: Engine
  readonly keeper: Keeper
  readonly courier: Courier
  readonly replayer: Replayer
  readonly clock: VirtualClock
  readonly server: EmbeddedServer
  readonly events: readonly CacheEvent[]
  /** Everything that has been asked of the store and changes something. */
  readonly calls: Call[]
  /** Beats that were asked for by the replayer, by partition. */
  readonly proofs: number[]
  /** Of methods named so, or of all others. */
  readonly manners: { [method: string]: Manner }
  /** Connects, as an incarnation of this stamp. */
  connect(stamp: string, lostTailMs?: number): void
}

const counted = new Set(['invalidate', 'raise', 'replicated', 'beat'])

export async function deliveryWorld(
  options: { readonly partitions?: number; readonly sweep?: Sweep } = {},
): Promise<DeliveryWorld> {
  const { partitions = 1, sweep = async () => {} } = options
  const [clock, chance] = [new VirtualClock(), new SeededChance(7)]
  const server = new EmbeddedServer({ clock, chance, partitions })
  const remote = openEmbedded(server, { clock, withBus: true })
  const calls: Call[] = []
  const manners: DeliveryWorld['manners'] = {}
  const store = hurt(remote.store, calls, manners)
  const events: CacheEvent[] = []
  const engine = engineOf(
    { ...remote, store, open: remote.open, close: remote.close },
    clock,
    chance,
  )
  engine.watchers.add({ notify: (event) => events.push(event) })
  const evictor = new Evictor(engine.flights, () => undefined)
  const keeper = new Keeper({ engine, evictor, spooler: spoolerOf(engine) })
  const courier = new Courier(engine, keeper, sweep)
  const proofs: number[] = []
  const replayer = new Replayer(engine, async (partition) => {
    proofs.push(partition)
    await courier.deliver(partition)
  })
  let generation = 100
  const connect = (stamp: string, lostTailMs?: number) => {
    const connected: Connected = { stamp, runId: stamp, generation: ++generation, lostTailMs }
    for (const { index, trust } of engine.partitions) {
      replayer.connected(index, connected)
      trust.connected(connected)
    }
  }
  const silent = { subscribed() {}, unsubscribed() {}, message() {}, direct() {} }
  await remote.open('test', { up() {}, down() {}, ...silent })
  const parts = { engine, keeper, courier, replayer, clock, server, events, calls, proofs }
  return { ...parts, manners, connect }
}

export const askOf = (key: string, ask: Partial<InvalidateAsk> = {}): InvalidateAsk => {
  const plain = { order: '', keepsOrder: false, floorMs: 1_000, tokens: [], settle: undefined }
  return { key, ...plain, ...ask }
}

function engineOf(remote: Engine['remote'], clock: VirtualClock, chance: SeededChance): Engine {
  const flights: Engine['flights'] = new Flights<KeyFlight>()
  const watchers = new Watchers()
  const journalOptions = { partitions: remote.store.partitions, familyTagOf: () => '_item' }
  const partitions = Array.from({ length: remote.store.partitions }, (_, index) => {
    const trust = new Trust(trustMs, `1|1|${trustMs}`, () => flights.doomPartition(index))
    const breaker = new Breaker(3, { clock, onChange() {} })
    return {
      index,
      trust,
      groups: new GroupClocks(),
      registry: new Registry(),
      serverTime: new ServerTime(),
      ring: new ReplayRing(),
      breaker,
    }
  })
  const durations = { trustMs, budgetMs: 500, leaseMs: 5_000, loadTimeoutMs: 10_000 }
  return {
    settings: {
      service: 'api',
      process: 'api.one',
      ...durations,
      coalesceMs: 0,
      registryMs: 60_000,
      hasMemory: true,
    },
    clock,
    chance,
    remote,
    store: remote.store,
    memory: new AdaptiveMemory({ bytesMax: 0, entriesMax: 0 }),
    flights,
    journal: new Journal(journalOptions),
    replays: new Journal(journalOptions),
    delivery: new DeliveryCounters(),
    meter: new CoherenceMeter(0),
    redis: new RedisMeter(clock, watchers),
    partitions,
    watchers,
    tasks: new Tasks((error) => {
      throw error
    }),
  }
}

export function spoolerOf(engine: Engine, spool?: Spool): Spooler {
  const { journal, delivery, watchers, tasks, store, clock } = engine
  const state = { journal, delivery, watchers, tasks, partitions: store.partitions }
  const partitionOf = (key: string) => store.partitionOf(key)
  return new Spooler({ spool, partitionOf, wallMs: () => clock.wallMs(), ...state })
}

function hurt(store: Store, calls: Call[], manners: DeliveryWorld['manners']): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function' || typeof name !== 'string') return member
      if (!counted.has(name)) return member.bind(target)
      return async (partition: number, request: unknown): Promise<unknown> => {
        calls.push({ method: name, partition, request })
        const manner = manners[name] ?? 'answer'
        if (manner === 'silence') return new Promise(() => {})
        if (manner === 'answer') return member.call(target, partition, request)
        throw new StoreFault(manner, `told to be ${manner}`)
      }
    },
  })
}
