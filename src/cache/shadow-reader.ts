/**
 * Looks for stale reads (SPEC B6): of some hits the slot is read once more, in the background,
 * behind what callers ask for. Memory that serves what the server has withdrawn, and a slot
 * that went back in time, are told once they have stood for Δ: until then it is lag that the
 * protocol allows (docs/coherence.md).
 *
 * While Redis is degraded nothing is read, and what was suspected is dropped.
 */
import {
  clockRateError,
  type Inspected,
  judgeValue,
  memoryEvidence,
  type Sighting,
  type Sightings,
  slotEvidence,
} from '../coherence/index.ts'
import type { Timer } from '../core/contracts/clock.ts'
import type { Entry } from '../core/entry.ts'
import type { CacheEvent, Observer, ReadEvent } from '../core/outcome.ts'
import type { StaleEvidence } from '../core/stale-read.ts'
import { type Engine, type Partition, partitionAt } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { SlotInspector } from './slot-inspector.ts'

/** Comparisons under way; a hit that comes meanwhile is not compared. */
export const comparisonsMax = 2
/** Findings that wait to be confirmed; those beyond are found again if they stand. */
export const suspicionsMax = 16

export interface ShadowReaderParts {
  readonly engine: Engine
  readonly inspector: SlotInspector
  readonly families: ReadonlyMap<string, FamilyRuntime>
  readonly sightings: Sightings
  /** Above 0. */
  readonly share: number
}

/** A hit that is compared. */
interface Sample {
  readonly family: FamilyRuntime
  readonly id: unknown
  readonly key: string
  /** Of the partition, when it was taken: in another one nothing can be compared. */
  readonly generation: number
  /** What memory holds. */
  readonly entry: Entry | undefined
}

interface Suspicion extends Sample {
  readonly tier: 'memory' | 'redis'
  readonly why: StaleEvidence
}

export class ShadowReader implements Observer {
  /** One hit in so many. */
  readonly hits: number
  readonly #parts: ShadowReaderParts
  readonly #timers = new Set<Timer>()
  #hitsLeft: number
  #running = 0

  constructor(parts: ShadowReaderParts) {
    this.#parts = parts
    this.hits = Math.max(1, 1 / parts.share)
    this.#hitsLeft = this.hits
  }

  notify(event: CacheEvent): void {
    if (event.kind !== 'read') return
    const { from } = event.outcome
    if (from !== 'memory' && from !== 'redis') return
    this.#hitsLeft -= event.weight
    if (this.#hitsLeft > 0) return
    this.#hitsLeft += this.hits
    this.#take(event)
  }

  stop(): void {
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
  }

  #take({ family: name, id, key }: ReadEvent): void {
    const { engine, families } = this.#parts
    const family = families.get(name)
    const partition = partitionAt(engine, engine.store.partitionOf(key))
    if (family === undefined || this.#running >= comparisonsMax) return
    if (!this.#isHealthy(partition)) return
    const { generation } = partition.trust
    const held = family.region.get(family.memoryId(id))
    const entry = held?.generation === generation ? held : undefined
    this.#running++
    // Behind what this tick asks for its callers.
    engine.clock.endOfTick(() => {
      const sample = { family, id, key, generation, entry }
      engine.tasks.run(this.#compare(sample).finally(() => this.#running--))
    })
  }

  async #compare(sample: Sample): Promise<void> {
    const { engine, sightings } = this.#parts
    const { key, entry } = sample
    if (entry !== undefined) this.#noteHeld(key, entry)
    const sighting = sightings.of(key)
    const inspected = await this.#inspect(sample)
    if (inspected === undefined) return
    engine.meter.shadowReads++
    const inMemory = entry && memoryProof(entry, inspected)
    if (inMemory !== undefined) this.#suspect({ ...sample, tier: 'memory', why: inMemory })
    const inRedis = this.#slotProof(sample, inspected, sighting)
    if (inRedis !== undefined) this.#suspect({ ...sample, tier: 'redis', why: inRedis })
    else if (isServed(inspected)) this.#noteSlot(key, inspected)
  }

  /** Looked at again when every memory must have heard of it (PROTOCOL 1, G2). */
  #suspect(suspicion: Suspicion): void {
    if (this.#timers.size >= suspicionsMax) return
    const { clock, tasks, settings } = this.#parts.engine
    const afterMs = settings.trustMs * (1 + 2 * clockRateError) + 1
    const look = () => {
      this.#timers.delete(timer)
      tasks.run(this.#confirm(suspicion))
    }
    const timer = clock.timer(afterMs, look, 'background')
    this.#timers.add(timer)
  }

  async #confirm(suspicion: Suspicion): Promise<void> {
    const { family, id, key, tier, entry } = suspicion
    const { engine, sightings } = this.#parts
    const partition = partitionAt(engine, engine.store.partitionOf(key))
    if (!this.#isHealthy(partition) || partition.trust.generation !== suspicion.generation) return
    if (tier === 'memory') {
      if (entry === undefined || !this.#isStillServed(family, id, entry)) return
      this.#tell(suspicion)
      // It is known to be withdrawn, so nobody else is served it.
      family.region.drop(family.memoryId(id))
      return
    }
    const inspected = await this.#inspect(suspicion)
    if (inspected === undefined) return
    // An invalidation that was heard meanwhile explains a lower order.
    const why = this.#slotProof(suspicion, inspected, sightings.of(key))
    if (why === suspicion.why) this.#tell(suspicion)
  }

  #tell({ family, key, tier, why }: Suspicion): void {
    family.counters.staleReads++
    this.#parts.engine.watchers.tell({ kind: 'staleRead', family: family.name, key, tier, why })
  }

  /** Undefined also where this process may have missed something meanwhile. */
  async #inspect({ family, id, key, entry, generation }: Sample): Promise<Inspected | undefined> {
    const { engine, inspector } = this.#parts
    const inspected = await inspector.inspect(family, { id, key, tags: entry?.tags ?? [] })
    const { trust } = partitionAt(engine, engine.store.partitionOf(key))
    return trust.generation === generation ? inspected : undefined
  }

  #slotProof(
    { key }: Sample,
    inspected: Inspected,
    sighting: Sighting | undefined,
  ): StaleEvidence | undefined {
    const { engine } = this.#parts
    const { serverTime, groups } = partitionAt(engine, engine.store.partitionOf(key))
    if (sighting === undefined || !isServed(inspected)) return undefined
    const { version } = sighting
    // A group that was invalidated since may have brought back a lower order.
    const known = version && groups.covers(version.clock, version.tags) ? version : undefined
    const why = slotEvidence(inspected.slot, { ...sighting, version: known })
    return why === 'order' || serverTime.isSteadySince(sighting.notedMs) ? why : undefined
  }

  #noteHeld(key: string, { bornMs, order, clock, tags }: Entry): void {
    const { engine, sightings } = this.#parts
    const { serverTime } = partitionAt(engine, engine.store.partitionOf(key))
    const serverMs = serverTime.serverMs(bornMs)
    if (serverMs !== undefined) sightings.seen(key, { bornMs: serverMs, order, clock, tags })
  }

  #noteSlot(key: string, { slot: { bornMs, order, clock, meta } }: Served): void {
    this.#parts.sightings.seen(key, { bornMs, order, clock, tags: meta.tags })
  }

  /** Memory still answers with the same fill. */
  #isStillServed(family: FamilyRuntime, id: unknown, { fid }: Entry): boolean {
    const { engine } = this.#parts
    const held = family.region.get(family.memoryId(id))
    if (held?.fid !== fid) return false
    const { trust, groups } = partitionAt(engine, held.partition)
    const isCurrent = held.generation === trust.generation && groups.covers(held.clock, held.tags)
    return isCurrent && engine.clock.now() < held.staleUntilMs
  }

  #isHealthy({ index, trust, breaker }: Partition): boolean {
    const { store, clock } = this.#parts.engine
    const nowMs = clock.now()
    if (store.connectedOf(index) === undefined || breaker.isOpen) return false
    return trust.isTrusted(nowMs) && trust.isProven(nowMs)
  }
}

function memoryProof(entry: Entry, { slot, around }: Inspected): StaleEvidence | undefined {
  const known = typeof slot === 'string' ? undefined : slot
  return memoryEvidence(entry, known, around.tagClock)
}

type Served = Inspected & { readonly slot: Extract<Inspected['slot'], { kind: 'value' }> }

/** Only what Redis would serve can be a stale read. */
function isServed(inspected: Inspected): inspected is Served {
  const { slot, around } = inspected
  if (typeof slot === 'string' || slot.kind !== 'value') return false
  return judgeValue(slot, around) === 'valid'
}
