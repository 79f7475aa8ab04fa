/**
 * Looks for values in the second tier. What is valid lands; what is not is handed on,
 * with the reason, to be claimed.
 *
 * One read brings slots and group clocks of a whole batch, and what is valid by them lands.
 * A second one brings the rest of what memory turned out not to hold, or clocks of tags that
 * only the values could tell, sent after they were received (PROTOCOL 3.2).
 */
import { type Judgement, judgeValue, type Surroundings } from '../coherence/index.ts'
import { parseSlot, type ValueSlot } from '../core/slot.ts'
import type { Budget } from '../resilience/index.ts'
import { type Arriving, arrivalOf, type Found, landedWith, type Times } from './arrival.ts'
import { byPartition, inChunks } from './by-partition.ts'
import { type Engine, hasPending, isPending } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { slotCorrupt } from './faults.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Lander } from './lander.ts'
import type { Unpacked } from './packer.ts'
import type { Pauses } from './pauses.ts'
import { type GroupReading, type SlotReading, SlotWish, type TickReader } from './tick-reader.ts'

/** Slots in one request. */
const slotsMax = 500

export interface LookerParts {
  readonly engine: Engine
  readonly lander: Lander
  readonly pauses: Pauses
  readonly readers: readonly TickReader[]
}

/** What all values of one reading are judged by. */
type Around = GroupReading & Surroundings & Times

/** A value that was found, on its way to being judged. */
interface Find {
  readonly flight: KeyFlight
  readonly slot: ValueSlot
  readonly around: Around
  /** Its payload was left behind: it is what memory holds, if the fid is the same. */
  readonly isHead: boolean
}

/** How the second tier is asked. */
interface Way {
  readonly reader: TickReader
  readonly budget: Budget
}

/** What has not landed at once. */
interface Rest {
  /** Another value is there than memory holds, of which only the head was read. */
  readonly changed: Find[]
  /** They have tags that nobody could know before. */
  readonly unclear: Find[]
  readonly late: Promise<unknown>[]
}

/** Valid and landed; past its TTL; or not to be read. */
export type Landing = 'landed' | 'old' | 'unusable'

export class Looker {
  readonly #parts: LookerParts

  constructor(parts: LookerParts) {
    this.#parts = parts
  }

  /** Returns the flights that found nothing to land with. */
  async look(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    budget: Budget,
  ): Promise<readonly KeyFlight[]> {
    const [only] = flights
    if (flights.length === 1 && only !== undefined) {
      return this.#mustLoad(family, only) ? flights : this.#lookIn(family, flights, budget)
    }
    // Decided once: while the rest is read, an invalidation may be delivered or added.
    const toLoad = new Set(flights.filter((flight) => this.#mustLoad(family, flight)))
    const toRead = toLoad.size === 0 ? flights : flights.filter((flight) => !toLoad.has(flight))
    const chunks = byPartition(toRead).flatMap((group) => inChunks(group, slotsMax))
    const missed = await Promise.all(chunks.map((chunk) => this.#lookIn(family, chunk, budget)))
    return [...toLoad].concat(...missed)
  }

  #mustLoad(family: FamilyRuntime, flight: KeyFlight): boolean {
    if (flight.mode === 'fresh') return true
    const { engine } = this.#parts
    return hasPending(engine) && isPending(engine, flight, family.tagsBefore(flight.id))
  }

  /** Of flights in one partition. */
  async #lookIn(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    budget: Budget,
  ): Promise<readonly KeyFlight[]> {
    const reader = this.#parts.readers[flights[0]?.partition ?? 0]
    const wishes = flights.map((flight) => new SlotWish(flight, flight.suspect !== undefined))
    const first = await reader?.read(wishes, tagsBefore(family, flights), budget)
    if (first === undefined || reader === undefined) return flights
    const rest = this.#land(family, wishes, first)
    const way = { reader, budget }
    if (rest.changed.length > 0) await this.#landWhole(family, rest, way)
    if (rest.unclear.length > 0) await this.#landClarified(family, rest, way)
    if (rest.late.length > 0) await Promise.all(rest.late)
    return flights.filter((flight) => !flight.hasLanded)
  }

  /** Lands with what is valid. */
  #land(
    family: FamilyRuntime,
    wishes: readonly SlotWish[],
    { texts, groups }: SlotReading,
    rest: Rest = { changed: [], unclear: [], late: [] },
  ): Rest {
    const around = { ...groups, schema: family.version, nowMs: this.#nowMs }
    wishes.forEach(({ flight, isHead }, index) => {
      const slot = this.#valueIn(family, flight, texts[index])
      if (slot === undefined) return
      const find = { flight, slot, around, isHead }
      if (isHead && flight.suspect?.fid !== slot.fid) rest.changed.push(find)
      else this.#landFind(family, find, rest)
    })
    return rest
  }

  /** Notes why there is none. */
  #valueIn(
    family: FamilyRuntime,
    flight: KeyFlight,
    text: string | undefined,
  ): ValueSlot | undefined {
    flight.why = 'absent'
    if (text === undefined) return undefined
    const slot = parseSlot(text)
    if (slot?.kind === 'value') return slot
    if (slot === undefined) {
      this.#report(family, flight, 'expected a slot of this library')
      flight.why = 'void'
    }
    return undefined
  }

  /** Where another value is there than memory holds, the rest of it is needed too. */
  async #landWhole(family: FamilyRuntime, rest: Rest, { reader, budget }: Way): Promise<void> {
    const wishes = rest.changed.map(({ flight }) => new SlotWish(flight, false))
    const tags = new Set(rest.changed.flatMap(({ slot }) => slot.meta.tags))
    const reading = await reader.read(wishes, [...tags], budget)
    if (reading !== undefined) this.#land(family, wishes, reading, rest)
  }

  /** Those that turn out valid after one more read, for the tags of all. */
  async #landClarified(family: FamilyRuntime, rest: Rest, { reader, budget }: Way): Promise<void> {
    const unclear = rest.unclear.splice(0)
    const tags = new Set(unclear.flatMap(({ slot }) => slot.meta.tags))
    const groups = await reader.readTags([...tags], budget)
    const around = groups && { ...groups, schema: family.version, nowMs: this.#nowMs }
    for (const find of unclear) {
      if (around === undefined) find.flight.why = 'void'
      else this.#landFind(family, { ...find, around }, rest)
    }
    for (const { flight } of rest.unclear) flight.why = 'void'
  }

  /** What is still to be invalidated is not served, although the server knows nothing of it. */
  #verdict({ flight, slot, around }: Find): Judgement | 'invalidationPending' {
    const judgement = judgeValue(slot, around)
    if (judgement !== 'valid') return judgement
    const mustWait = isPending(this.#parts.engine, flight, slot.meta.tags)
    return mustWait ? 'invalidationPending' : 'valid'
  }

  #landFind(family: FamilyRuntime, find: Find, rest: Rest): void {
    const { flight, slot, around, isHead } = find
    const verdict = this.#verdict(find)
    if (verdict === 'tagsUnknown') rest.unclear.push(find)
    else if (verdict !== 'valid') flight.why = verdict
    else if (isHead) this.#landSuspect(family, find)
    else {
      const landing = this.landWith(family, flight, slot, around)
      if (!(landing instanceof Promise)) return
      // It may fail while the rest is read.
      landing.catch(() => {})
      rest.late.push(landing)
    }
  }

  /** With what memory holds: it was proven current. */
  #landSuspect(family: FamilyRuntime, { flight, slot, around }: Find): void {
    const arrival = arrivalOf(family, flight.key, { slot, times: around })
    this.#parts.lander.renew(family, flight, arrival)
    const value = flight.suspect?.value
    const { nowMs } = around
    this.#arrive(family, flight, { arrival, value, why: 'revalidated', nowMs })
  }

  /**
   * Lands with a value that has been judged valid, unless it is old or its payload unusable.
   * A large one is read later: whether memory may keep it is looked at when it lands.
   */
  landWith(
    family: FamilyRuntime,
    flight: KeyFlight,
    slot: ValueSlot,
    times: Times,
  ): Landing | Promise<Landing> {
    const unpacked = family.packer.unpack(slot, flight.key)
    const found = { slot, times }
    return unpacked instanceof Promise
      ? this.#landLater(family, flight, found, unpacked)
      : this.#landUnpacked(family, flight, found, unpacked)
  }

  async #landLater(
    family: FamilyRuntime,
    flight: KeyFlight,
    { slot, times }: Found,
    unpacking: Promise<Unpacked>,
  ): Promise<Landing> {
    const unpacked = await unpacking
    const found = { slot, times: { ...times, nowMs: this.#nowMs } }
    return this.#landUnpacked(family, flight, found, unpacked)
  }

  #landUnpacked(
    family: FamilyRuntime,
    flight: KeyFlight,
    found: Found,
    unpacked: Unpacked,
  ): Landing {
    const { slot } = found
    if (!unpacked.isUsable) {
      this.#parts.engine.watchers.tell({ kind: 'fault', error: unpacked.error })
      flight.voidFid = slot.fid
      flight.why = 'void'
      flight.rounds++
      return 'unusable'
    }
    const { value } = unpacked
    const arrival = arrivalOf(family, flight.key, found)
    const { lander } = this.#parts
    if (lander.mayKeep(flight)) {
      const { fid, clock, order, meta } = slot
      const { bornMs, untilMs, staleUntilMs } = arrival
      const { tags } = meta
      const kept = { value, fid, clock, tags, order, bornMs, untilMs, staleUntilMs }
      lander.keep(family, flight, kept)
    }
    const why = flight.hasWaited ? 'waited' : 'stored'
    const { nowMs } = found.times
    return this.#arrive(family, flight, { arrival, value, why, nowMs }) ? 'landed' : 'old'
  }

  #arrive(family: FamilyRuntime, flight: KeyFlight, landing: Arriving): boolean {
    const { lander, pauses } = this.#parts
    const landed = landedWith(family, flight, landing, pauses)
    if (landed === undefined) return false
    lander.land(flight, landed)
    lander.end(flight)
    return true
  }

  get #nowMs(): number {
    return this.#parts.engine.clock.now()
  }

  #report(family: FamilyRuntime, flight: KeyFlight, expected: string): void {
    const error = slotCorrupt(family.name, flight.key, expected)
    this.#parts.engine.watchers.tell({ kind: 'fault', error })
  }
}

function tagsBefore(family: FamilyRuntime, flights: readonly KeyFlight[]): readonly string[] {
  const tags = new Set<string>()
  let last: readonly string[] = []
  for (const { id, suspect } of flights) {
    const those = suspect?.tags ?? family.tagsBefore(id)
    // Where no key has tags of its own, all have the same list.
    if (those !== last) for (const tag of those) tags.add(tag)
    last = those
  }
  return [...tags]
}
