import { beforeEach, describe, expect, test } from 'vitest'
import {
  type FlightMode,
  Flights,
  GroupClocks,
  Journal,
  Registry,
  ReplayRing,
  ServerTime,
  Trust,
} from '../coherence/index.ts'
import type { BeatReply, Store } from '../core/contracts/store.ts'
import { Breaker } from '../resilience/index.ts'
import { CoherenceMeter } from './coherence-meter.ts'
import { DeliveryCounters } from './counters.ts'
import type { Engine } from './engine.ts'
import { KeyFlight } from './flight-of.ts'
import { mayJoin } from './joining.ts'
import type { Scope } from './load-scope.ts'
import { RedisMeter } from './redis-meter.ts'
import { Tasks } from './tasks.ts'
import { Watchers } from './watchers.ts'

const trustMs = 1_500
const registryMs = 60_000
const settings = '1|1|1500'

const reply: BeatReply = {
  stamp: 'stampAAA',
  runId: 'runA',
  epoch: 'epochAAA',
  seq: 0,
  settings,
  birth: 'birth',
  serverMs: 0,
}

let nowMs: number
let trust: Trust
let engine: Engine

beforeEach(() => {
  nowMs = 0
  trust = new Trust(trustMs, settings, () => {})
  trust.connected({ stamp: 'stampAAA', runId: 'runA', generation: 1 })
  trust.subscribed({ stamp: 'stampAAA', runId: 'runA', generation: 1 }, 0)
  engine = engineWith(trust)
})

const answer = (sentMs: number) => {
  trust.sent(`beat ${sentMs}`, sentMs)
  trust.replied(`beat ${sentMs}`, reply)
}
const hear = (sentMs: number) =>
  trust.echoed({ nonce: `beat ${sentMs}`, runId: 'runA', epoch: 'epochAAA', seq: 0 })

/** A flight that has asked the second tier already. */
function underWay(startedMs: number, mode: FlightMode = 'bounded', outer?: Scope): KeyFlight {
  const flight = gathering(startedMs, mode, outer)
  flight.isGathering = false
  return flight
}

function gathering(startedMs: number, mode: FlightMode = 'bounded', outer?: Scope): KeyFlight {
  return flightOf({ startedMs, mode, outer, isShareable: true })
}

type Traits = Pick<KeyFlight, 'startedMs' | 'mode' | 'outer' | 'isShareable'>

function flightOf({ startedMs, mode, outer, isShareable }: Traits): KeyFlight {
  const id = 7
  const plan = { key: 'user:7', partition: 0, mode, generation: trust.generation, startedMs }
  return new KeyFlight({
    ...plan,
    id,
    memoryId: id,
    suspect: undefined,
    outer,
    isShareable,
    alone: undefined,
  })
}

const joins = (mode: FlightMode, flight: KeyFlight, scope?: Scope): boolean =>
  mayJoin(engine, { mode, scope })(flight)

const scopeOf = (key: string): Scope => ({
  chain: [key],
  beside: [],
  signal: new AbortController().signal,
  deadlineMs: 10_000,
  priority: 'read',
  isOver: false,
  holds: () => false,
})

describe('a flight that has asked nobody yet', () => {
  test('is joined by bounded and strict readers, without any trust', () => {
    expect(joins('bounded', gathering(0))).toBe(true)
    expect(joins('strict', gathering(0))).toBe(true)
  })

  test('is joined by a reader who wants a load only if it will be one', () => {
    expect(joins('fresh', gathering(0))).toBe(false)
    expect(joins('fresh', gathering(0, 'fresh'))).toBe(true)
  })
})

describe('a flight under way', () => {
  test('is joined by nobody once what it has brought is over', () => {
    answer(5_000)
    hear(5_000)
    nowMs = 5_001
    const flight = underWay(0)
    flight.untilMs = 5_002
    expect(joins('bounded', flight)).toBe(true)
    flight.untilMs = 5_001
    expect(joins('bounded', flight)).toBe(false)
  })

  test('is joined by bounded readers under trust, however old it is', () => {
    answer(5_000)
    hear(5_000)
    nowMs = 5_001
    expect(joins('bounded', underWay(0))).toBe(true)
  })

  test('is never joined by readers who want proof or a load of their own', () => {
    answer(0)
    hear(0)
    expect(joins('strict', underWay(0))).toBe(false)
    expect(joins('fresh', underWay(0, 'fresh'))).toBe(false)
  })
})

describe('without trust', () => {
  test('only a load younger than Δ is shared', () => {
    answer(0)
    nowMs = 10_000
    expect(joins('bounded', underWay(nowMs - trustMs + 1))).toBe(true)
    expect(joins('bounded', underWay(nowMs - trustMs))).toBe(false)
  })

  test('nothing is shared once this process may have left the registry', () => {
    answer(100)
    nowMs = 100 + registryMs * 0.999 - 1
    expect(joins('bounded', underWay(nowMs))).toBe(true)
    nowMs = 100 + registryMs * 0.999
    expect(joins('bounded', underWay(nowMs))).toBe(false)
  })

  test('a load that began while no barrier waited for this process is not shared', () => {
    answer(0)
    nowMs = 10
    const early = flightOf({ startedMs: 0, mode: 'bounded', outer: undefined, isShareable: false })
    early.begin()
    expect(joins('bounded', underWay(0))).toBe(true)
    expect(joins('bounded', early)).toBe(false)
    hear(0)
    expect(joins('bounded', early)).toBe(true)
  })

  test('nothing is shared by a process that never reached the second tier', () => {
    expect(joins('bounded', underWay(0))).toBe(false)
  })
})

describe('a load inside of a source', () => {
  test('is shared by the calls of that source alone', () => {
    const [mine, other] = [scopeOf('a'), scopeOf('b')]
    const nested = gathering(0, 'strict', mine)
    expect(joins('strict', nested, mine)).toBe(true)
    expect(joins('strict', nested, other)).toBe(false)
    expect(joins('bounded', nested)).toBe(false)
    expect(joins('strict', gathering(0), mine)).toBe(false)
  })
})

function engineWith(one: Trust): Engine {
  const clock = {
    now: () => nowMs,
    wallMs: () => nowMs,
    timer: () => ({ cancel() {} }),
    endOfTick: (task: () => void) => queueMicrotask(task),
  }
  const store = silentStore()
  const breaker = new Breaker(3, { clock, onChange() {} })
  const journal = new Journal({ partitions: 1, familyTagOf: () => undefined })
  return {
    settings: {
      service: 'api',
      trustMs,
      budgetMs: 500,
      leaseMs: 5_000,
      loadTimeoutMs: 10_000,
      coalesceMs: 0,
      registryMs,
      process: 'api.one',
      hasMemory: true,
    },
    clock,
    chance: { token: () => 'token', unit: () => 0 },
    remote: { kind: 'embedded', store, bus: undefined, open: refuse, close: refuse },
    store,
    memory: { region: unused, share: unused, sweep: unused, stats: unused },
    flights: new Flights<KeyFlight>(),
    journal,
    replays: journal,
    delivery: new DeliveryCounters(),
    meter: new CoherenceMeter(0),
    redis: new RedisMeter(clock, new Watchers()),
    partitions: [
      {
        index: 0,
        trust: one,
        groups: new GroupClocks(),
        registry: new Registry(),
        serverTime: new ServerTime(),
        ring: new ReplayRing(),
        breaker,
      },
    ],
    watchers: new Watchers(),
    tasks: new Tasks(() => {}),
  }
}

/** Joining asks nobody. */
function silentStore(): Store {
  const asked = { read: refuse, lease: refuse, fill: refuse, replace: refuse, renew: refuse }
  const told = { release: refuse, set: refuse, invalidate: refuse, raise: refuse, beat: refuse }
  const tells = { tellPattern: refuse, tellActive: refuse, acknowledge: refuse }
  const others = { place: refuse, replicated: refuse, ...tells }
  const locks = { lock: refuse, unlock: refuse, take: refuse, scan: unused }
  const fixed = {
    partitions: 1,
    partitionOf: () => 0,
    connectedOf: () => undefined,
    reconnect: unused,
  }
  return { ...asked, ...told, ...others, ...locks, ...fixed }
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('not to be asked'))
}

function unused(): never {
  throw new Error('not to be used')
}
