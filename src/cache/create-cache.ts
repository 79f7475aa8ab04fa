/**
 * Puts the parts of one process's cache together and opens it. The tiers are given:
 * this module knows no Redis and no clock of its own.
 */
import { Flights, Journal, registryMs } from '../coherence/index.ts'
import type { Catalog, CatalogFamily, Families } from '../core/catalog.ts'
import type { Chance, Clock } from '../core/contracts/clock.ts'
import type { Memory } from '../core/contracts/memory.ts'
import type { Remote } from '../core/contracts/remote.ts'
import type { Spool } from '../core/contracts/spool.ts'
import type { Envelope } from '../core/envelope.ts'
import { StaleproofError } from '../core/errors.ts'
import type { Observer, RedisOperation } from '../core/outcome.ts'
import type { ResolvedOptions } from '../core/resolved-options.ts'
import { familyTag } from '../core/tag.ts'
import { Activity } from './activity.ts'
import { After } from './after.ts'
import { AsyncScope, Chains } from './async-scope.ts'
import { Barriers } from './barrier.ts'
import { Claimer } from './claimer.ts'
import { Closing } from './closing.ts'
import { CoherenceMeter } from './coherence-meter.ts'
import { DeliveryCounters } from './counters.ts'
import { Courier } from './courier.ts'
import { Debounces } from './debounces.ts'
import { Elector } from './elector.ts'
import type { Engine, Partition } from './engine.ts'
import { ErrorMemory } from './error-memory.ts'
import { Evictor, type Locate } from './evictor.ts'
import { Executor } from './executor.ts'
import { FamilyRuntime } from './family-runtime.ts'
import { RuntimeView } from './family-view.ts'
import { internalFault } from './faults.ts'
import { Fetcher } from './fetcher.ts'
import { FillDesk } from './fill-desk.ts'
import { Gate } from './gate.ts'
import { Gatherer } from './gatherer.ts'
import { Heart } from './heart.ts'
import { insightOf } from './insight.ts'
import { Invalidator } from './invalidator.ts'
import { Keeper } from './keeper.ts'
import { Lander } from './lander.ts'
import { LeaseDesk } from './lease-desk.ts'
import { Limiters } from './limiters.ts'
import { listenerOf } from './listener.ts'
import type { LoadScope } from './load-scope.ts'
import { Loader } from './loader.ts'
import { Locker } from './locker.ts'
import { Looker } from './looker.ts'
import { Mutator } from './mutator.ts'
import { OldValues } from './old-values.ts'
import { agreedSettings, partitionsOf } from './partitions.ts'
import { PatternEvictor } from './pattern-evictor.ts'
import { PatternInvalidator } from './pattern-invalidator.ts'
import { PatternSweep } from './pattern-sweep.ts'
import { Pauses } from './pauses.ts'
import { Pulse } from './pulse.ts'
import { QuarantineKeeper } from './quarantine-keeper.ts'
import { Reader } from './reader.ts'
import { Receiver } from './receiver.ts'
import { RedisMeter } from './redis-meter.ts'
import { Refresher } from './refresher.ts'
import { Replayer } from './replayer.ts'
import { Replication } from './replication.ts'
import { RuntimeCache } from './runtime-cache.ts'
import { Setter } from './setter.ts'
import { SourceGuards } from './source-guards.ts'
import { Spooler } from './spooler.ts'
import { Storer } from './storer.ts'
import { Tasks } from './tasks.ts'
import { TickReader } from './tick-reader.ts'
import { Watchers } from './watchers.ts'
import { WriteScope } from './write-scope.ts'

/** What the cache is put on; the real ones come from `index.ts`, others from tests. */
export interface Tiers {
  readonly remote: Remote
  readonly memory: Memory
  readonly envelopeOf: (family: CatalogFamily) => Envelope
  readonly clock: Clock
  readonly chance: Chance
  /** Where pending invalidations outlive this process; undefined: nowhere. */
  readonly spool: Spool | undefined
  /** Told of changes of state; of traffic too if it asks for hits. */
  readonly log: Observer | undefined
}

export async function createCache<F extends Families>(
  catalog: Catalog<F>,
  options: ResolvedOptions,
  tiers: Tiers,
): Promise<RuntimeCache> {
  const engine = engineOf(catalog, options, tiers)
  const guards = new SourceGuards(engine, options)
  const families = familiesOf(catalog, options, { ...tiers, guards })
  const locate: Locate = (key) => {
    const parsed = catalog.parse(key)
    const family = parsed && families.get(parsed.family)
    return family && { family, id: parsed.id }
  }
  const evictor = new Evictor(engine.flights, locate)
  const spooler = spoolerOf(engine, tiers)
  const keeper = new Keeper({ engine, evictor, spooler })
  const barriers = new Barriers(engine)
  const executor = new Executor({ engine, evictor, keeper, barriers })
  const patternEvictor = new PatternEvictor(engine.flights, [...families.values()])
  const sweeping = { engine, evictor, patternEvictor, executor, keeper, barriers }
  const sweeps = new PatternSweep(sweeping)
  const courier = new Courier(engine, keeper, (pattern, reason) =>
    sweeps.sweep({ pattern, reason, hasBarrier: false, signal: undefined }),
  )
  const settings = agreedSettings(engine.store, options)
  const quarantines = new QuarantineKeeper(engine, options.quarantineMs)
  const heart = new Heart({ engine, courier, quarantines }, { settings })
  const replayer = new Replayer(engine, (partition) => heart.proveAnew(partition))
  const activity = new Activity({ engine, gate: new Gate(engine, heart, 'other'), locate })
  const pauses = new Pauses(engine.clock, engine.chance)
  const insight = insightOf({ engine, heart, guards, pauses, families, catalog, options })
  const { sightings, shadow, misses } = insight
  const heard = { evictor, patternEvictor, activity, replayer, sightings }
  const receiver = new Receiver({ engine, ...heard })
  const pulse = new Pulse(engine)
  // Their failures are told to those who called them.
  const works = new Tasks(() => {})
  const debounces = new Debounces(engine)
  const delivery = { debounces, executor, courier, replayer, spooler, quarantines, works }
  const ends = { engine, heart, shadow, ...delivery, families: [...families.values()] }
  const closing = new Closing(ends)
  const replication = new Replication(engine, options.durability)
  const writers = { evictor, executor, keeper, replication, quarantines }
  const actors = { ...writers, heart, closing, works, pauses }
  const parts = orchestrate(engine, actors)
  const patterns = new PatternInvalidator({
    ...{ engine, keeper, sweeps, replication },
    evictor: patternEvictor,
  })
  const views = new Map<string, RuntimeView>()
  for (const family of families.values()) {
    views.set(family.name, new RuntimeView(family, { ...parts, activity, misses, closing }))
  }
  const shown = { guards, debounces, patterns, families, views, closing, pulse }
  const whole = { ...parts, ...shown, ...insight, locate }
  for (const observer of options.observers) engine.watchers.add(observer)
  engine.watchers.attach(pulse)
  engine.watchers.attach(engine.meter)
  if (tiers.log !== undefined) engine.watchers.attach(tiers.log)
  const listener = listenerOf({ engine, heart, receiver, replayer, barriers })
  await openOrClose(tiers.remote, async () => {
    // What others have left is pending before anything can be read.
    await spooler.open()
    await tiers.remote.open(engine.settings.process, listener)
  })
  await begin(engine, heart, options.requireRedis ? closing : undefined)
  return new RuntimeCache(whole)
}

/** Takes up the beats, and waits for the first; `closing` for who requires Redis. */
async function begin(engine: Engine, heart: Heart, closing: Closing | undefined): Promise<void> {
  const isConnected = ({ index }: Partition) => engine.store.connectedOf(index) !== undefined
  if (closing !== undefined && !engine.partitions.every(isConnected)) {
    await closing.close()
    throw new StaleproofError('SP_REDIS_DOWN', 'Redis is required and could not be reached')
  }
  heart.start()
  await Promise.all(engine.partitions.map(({ index }) => heart.begin(index)))
}

/** A tier that could not be opened is given back before the error goes on. */
async function openOrClose(remote: Remote, open: () => Promise<void>): Promise<void> {
  try {
    await open()
  } catch (error) {
    await remote.close()
    throw error
  }
}

function engineOf<F extends Families>(
  catalog: Catalog<F>,
  options: ResolvedOptions,
  tiers: Tiers,
): Engine {
  const { remote, memory, clock, chance } = tiers
  const { service, trustMs, budgetMs, leaseTtlMs: leaseMs, loadTimeoutMs, coalesceMs } = options
  const flights: Engine['flights'] = new Flights()
  const watchers = new Watchers()
  const meter = new CoherenceMeter(trustMs)
  const partitions = partitionsOf(remote.store, options, { flights, watchers, meter, clock })
  const hasMemory = options.memory !== undefined
  const process = `${service}.${chance.token()}`
  const durations = { trustMs, budgetMs, leaseMs, loadTimeoutMs, coalesceMs }
  // Without memory there is no channel to hear from others on: what it can't be told of, it
  // does not share, and nobody waits for it.
  const sharing = { hasMemory, registryMs: hasMemory ? registryMs : 0 }
  const settings = { service, process, ...durations, ...sharing }
  // Background work reports its failures itself; a fault of the program must not end the process.
  const tasks = new Tasks((error) => watchers.tell({ kind: 'fault', error: internalFault(error) }))
  const journalOptions = {
    partitions: partitions.length,
    familyTagOf: (key: string) => {
      const parsed = catalog.parse(key)
      return parsed && familyTag(parsed.family)
    },
  }
  // Written out: an object made by spreading is slow to read, and every hit reads this one.
  return {
    settings,
    clock,
    chance,
    remote,
    store: remote.store,
    memory,
    flights,
    journal: new Journal(journalOptions),
    replays: new Journal(journalOptions),
    delivery: new DeliveryCounters(),
    meter,
    redis: new RedisMeter(clock, watchers),
    partitions,
    watchers,
    tasks,
  }
}

function spoolerOf(engine: Engine, { spool, clock }: Tiers): Spooler {
  const { journal, store, delivery, watchers, tasks } = engine
  const partitionOf = (key: string) => store.partitionOf(key)
  const wallMs = () => clock.wallMs()
  const { partitions } = store
  const state = { journal, delivery, watchers, tasks }
  return new Spooler({ spool, partitions, partitionOf, wallMs, ...state })
}

function familiesOf<F extends Families>(
  catalog: Catalog<F>,
  options: ResolvedOptions,
  { guards, memory, envelopeOf, clock, chance }: Tiers & { readonly guards: SourceGuards },
): ReadonlyMap<string, FamilyRuntime> {
  const families = new Map<string, FamilyRuntime>()
  for (const family of catalog.compiled.values()) {
    const source = options.sources.get(family.name)
    const { parameters, memoryId } = family.template
    const names = parameters.map(({ name }) => name)
    const ids = parameters.length === 1 ? undefined : { names, memoryId }
    const region = memory.region(family.name, ids)
    const guard = guards.of(family.name)
    const parts = { family, source, guard, region, envelope: envelopeOf(family), clock, chance }
    families.set(family.name, new FamilyRuntime(parts))
  }
  return families
}

interface Actors {
  readonly heart: Heart
  readonly replication: Replication
  readonly evictor: Evictor
  readonly keeper: Keeper
  readonly executor: Executor
  readonly closing: Closing
  readonly quarantines: QuarantineKeeper
  readonly works: Tasks
  readonly pauses: Pauses
}

function orchestrate(engine: Engine, actors: Actors) {
  const { heart, evictor, keeper, executor, closing, quarantines, works, pauses } = actors
  const gate = (operation: RedisOperation) => new Gate(engine, heart, operation)
  const lander = new Lander(engine)
  const readers = engine.partitions.map(({ index }) => new TickReader(engine, gate('read'), index))
  const looker = new Looker({ engine, lander, pauses, readers })
  const claimer = new Claimer(engine, new LeaseDesk(engine, gate('lease')), looker)
  const storer = new Storer({ engine, desk: new FillDesk(engine, gate('fill')), lander })
  const chains = new Chains()
  const scope: LoadScope = new AsyncScope(chains)
  const writes = new WriteScope(chains)
  const errors = new ErrorMemory({ engine, lander, closing: closing.signal })
  const loader = new Loader({ engine, scope, closing: closing.signal, errors, storer, lander })
  const elector = new Elector({ engine, gate: gate('lease'), pauses })
  const fetcher = new Fetcher({ engine, looker, claimer, elector, loader, lander })
  const loading = { engine, looker, elector, claimer, loader, lander, pauses }
  const refresher = new Refresher({ ...loading, closing: closing.beginning })
  const old = new OldValues({ engine, looker, lander, pauses, refresher })
  const gatherer = new Gatherer(engine, fetcher)
  const after = new After(engine, heart, gate('beat'))
  const reader = new Reader({ engine, fetcher, gatherer, after, old, scope, writes, chains })
  const invalidator = new Invalidator({ engine, ...actors })
  const setter = new Setter({ engine, evictor, keeper, executor, gate: gate('set') })
  const mutator = new Mutator({
    ...{ engine, gate: gate('quarantine') },
    ...{ invalidator, quarantines, writes, works },
  })
  const locker = new Locker({ engine, gate: gate('lock'), works, closing: closing.beginning })
  const limiters = new Limiters(engine, gate('take'), closing.beginning)
  return { engine, reader, invalidator, setter, mutator, locker, limiters, errors }
}
