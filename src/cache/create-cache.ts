/**
 * Puts the parts of one process's cache together and opens it. The tiers are given:
 * this module knows no Redis and no clock of its own.
 */
import { Flights, GroupClocks, Journal, Trust } from '../coherence/index.ts'
import type { Catalog, Families } from '../core/catalog.ts'
import type { Codec } from '../core/codec.ts'
import type { Chance, Clock } from '../core/contracts/clock.ts'
import type { Memory } from '../core/contracts/memory.ts'
import type { Remote } from '../core/contracts/remote.ts'
import { StaleproofError } from '../core/errors.ts'
import type { Observer } from '../core/outcome.ts'
import type { ResolvedOptions } from '../core/resolved-options.ts'
import { wireVersion } from '../core/slot.ts'
import { Breaker } from '../resilience/index.ts'
import { After } from './after.ts'
import { Claimer } from './claimer.ts'
import { Closing } from './closing.ts'
import { Courier } from './courier.ts'
import type { Engine, Partition } from './engine.ts'
import { Evictor } from './evictor.ts'
import { FamilyRuntime } from './family-runtime.ts'
import { RuntimeView } from './family-view.ts'
import { internalFault } from './faults.ts'
import { Fetcher } from './fetcher.ts'
import { Gate } from './gate.ts'
import { Heart } from './heart.ts'
import { Invalidator } from './invalidator.ts'
import { Lander } from './lander.ts'
import { listenerOf } from './listener.ts'
import { LoadScope } from './load-scope.ts'
import { Loader } from './loader.ts'
import { Looker } from './looker.ts'
import { Pulse } from './pulse.ts'
import { Reader } from './reader.ts'
import { Receiver } from './receiver.ts'
import { RuntimeCache } from './runtime-cache.ts'
import { Setter } from './setter.ts'
import { Storer } from './storer.ts'
import { Tasks } from './tasks.ts'
import { TickReader } from './tick-reader.ts'
import { Watchers } from './watchers.ts'

/** How long a process stays in the barrier registry without a beat. */
const registryMs = 60_000
/** Steps on Redis that fail in a row before callers no longer wait for it. */
const failuresMax = 3

/** What the cache is put on; the real ones come from `index.ts`, others from tests. */
export interface Tiers {
  readonly remote: Remote
  readonly memory: Memory
  readonly codec: Codec
  readonly clock: Clock
  readonly chance: Chance
  /** Told of changes of state; of traffic too if it asks for hits. */
  readonly log: Observer | undefined
}

export async function createCache<F extends Families>(
  catalog: Catalog<F>,
  options: ResolvedOptions,
  tiers: Tiers,
): Promise<RuntimeCache> {
  const engine = engineOf(options, tiers)
  const families = familiesOf(catalog, options, tiers)
  const evictor = new Evictor(engine.flights, (key) => {
    const parsed = catalog.parse(key)
    const family = parsed && families.get(parsed.family)
    return family && { family, id: parsed.id }
  })
  const courier = new Courier(engine, evictor)
  const process = `${options.service}.${tiers.chance.token()}`
  const settings = `${wireVersion}|${engine.store.partitions}|${options.trustMs}`
  const heart = new Heart(engine, courier, { process, settings })
  const receiver = new Receiver(engine, evictor)
  const pulse = new Pulse(engine)
  const closing = new Closing(engine, heart, courier, families.values())
  const parts = orchestrate(engine, { heart, evictor, closing })
  const views = new Map<string, RuntimeView>()
  for (const family of families.values()) {
    views.set(family.name, new RuntimeView(family, { ...parts, isClosed: () => closing.hasBegun }))
  }
  const cache = new RuntimeCache({ ...parts, families, views, closing, pulse })
  for (const observer of options.observers) engine.watchers.add(observer)
  engine.watchers.attach(pulse)
  if (tiers.log !== undefined) engine.watchers.attach(tiers.log)
  await openOrClose(tiers.remote, process, listenerOf({ engine, heart, receiver }))
  if (options.requireRedis && engine.store.connected === undefined) {
    await cache.close()
    throw new StaleproofError('SP_REDIS_DOWN', 'Redis is required and could not be reached')
  }
  heart.start()
  await Promise.all(engine.partitions.map(({ index }) => heart.begin(index)))
  return cache
}

/** A tier that could not be opened is given back before the error goes on. */
async function openOrClose(
  remote: Remote,
  process: string,
  listener: Parameters<Remote['open']>[1],
): Promise<void> {
  try {
    await remote.open(process, listener)
  } catch (error) {
    await remote.close()
    throw error
  }
}

function engineOf(options: ResolvedOptions, tiers: Tiers): Engine {
  const { remote, memory, clock, chance } = tiers
  const { service, trustMs, budgetMs, leaseTtlMs: leaseMs, loadTimeoutMs } = options
  const flights: Engine['flights'] = new Flights()
  const watchers = new Watchers()
  const settingsText = `${wireVersion}|${remote.store.partitions}|${trustMs}`
  const partitions = Array.from({ length: remote.store.partitions }, (_, index): Partition => {
    const groups = new GroupClocks()
    const trust = new Trust(trustMs, settingsText, () => {
      flights.doomPartition(index)
      groups.reset()
    })
    return { index, trust, groups }
  })
  const hasMemory = options.memory !== undefined
  const settings = { service, trustMs, budgetMs, leaseMs, loadTimeoutMs, registryMs, hasMemory }
  const breaker = new Breaker(failuresMax, (isOpen) => {
    const reason = isOpen ? 'no answer in time' : 'answers again'
    watchers.tell({ kind: 'link', link: 'commands', partition: undefined, up: !isOpen, reason })
  })
  // Background work reports its failures itself; a fault of the program must not end the process.
  const tasks = new Tasks((error) => watchers.tell({ kind: 'fault', error: internalFault(error) }))
  // Written out: an object made by spreading is slow to read, and every hit reads this one.
  return {
    settings,
    clock,
    chance,
    remote,
    store: remote.store,
    memory,
    flights,
    journal: new Journal(),
    breaker,
    partitions,
    watchers,
    tasks,
  }
}

function familiesOf<F extends Families>(
  catalog: Catalog<F>,
  options: ResolvedOptions,
  { memory, codec, chance }: Tiers,
): ReadonlyMap<string, FamilyRuntime> {
  const families = new Map<string, FamilyRuntime>()
  for (const family of catalog.compiled.values()) {
    const source = options.sources.get(family.name)
    const region = memory.region(family.name)
    families.set(family.name, new FamilyRuntime({ family, source, region, codec, chance }))
  }
  return families
}

function orchestrate(
  engine: Engine,
  { heart, evictor, closing }: { heart: Heart; evictor: Evictor; closing: Closing },
) {
  const gate = new Gate(engine, heart)
  const lander = new Lander(engine)
  const readers = engine.partitions.map(({ index }) => new TickReader(engine, gate, index))
  const looker = new Looker({ engine, lander, readers })
  const claimer = new Claimer(engine, gate, looker)
  const storer = new Storer({ engine, gate, lander })
  const scope = new LoadScope()
  const loader = new Loader({ engine, scope, closing: closing.signal, lander, storer })
  const fetcher = new Fetcher({ engine, looker, claimer, loader, lander })
  const reader = new Reader({ engine, fetcher, after: new After(engine, heart, gate), scope })
  const invalidator = new Invalidator({ engine, evictor })
  const setter = new Setter({ engine, evictor, gate })
  return { engine, reader, invalidator, setter }
}
