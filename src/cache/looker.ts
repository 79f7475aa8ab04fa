/**
 * Looks for values in the second tier. What is valid lands; what is not is handed on,
 * with the reason, to be claimed.
 *
 * All values of a batch are judged together: one read brings slots and group clocks,
 * a second one the rest of what memory turned out not to hold, or clocks of tags that
 * only the values could tell, sent after they were received (PROTOCOL 3.2).
 */
import { type Judgement, judgeValue } from '../coherence/index.ts'
import { parseHead, parseSlot, type ValueSlot } from '../core/slot.ts'
import type { Budget } from '../resilience/index.ts'
import { type Arriving, arrivalOf, type Found, landedWith, type Times } from './arrival.ts'
import { byPartition, inChunks } from './by-partition.ts'
import { type Engine, isPending } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { slotCorrupt } from './faults.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Lander } from './lander.ts'
import type { Unpacked } from './packer.ts'
import type { Pauses } from './pauses.ts'
import type { GroupReading, SlotReading, TickReader } from './tick-reader.ts'

/** Slots in one request. */
const slotsMax = 500

export interface LookerParts {
  readonly engine: Engine
  readonly lander: Lander
  readonly pauses: Pauses
  readonly readers: readonly TickReader[]
}

/** A value that was found, on its way to being judged. */
interface Find {
  readonly flight: KeyFlight
  readonly slot: ValueSlot
  readonly groups: GroupReading
  /** Its payload was left behind: it is what memory holds, if the fid is the same. */
  readonly isHead: boolean
}

interface Sorted {
  readonly valid: readonly Find[]
  readonly unclear: readonly Find[]
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
    const toRead = flights.filter((flight) => !toLoad.has(flight))
    const chunks = byPartition(toRead).flatMap((group) => inChunks(group, slotsMax))
    const missed = await Promise.all(chunks.map((chunk) => this.#lookIn(family, chunk, budget)))
    return [...toLoad].concat(...missed)
  }

  #mustLoad(family: FamilyRuntime, flight: KeyFlight): boolean {
    if (flight.mode === 'fresh') return true
    return isPending(this.#parts.engine, flight, () => family.tagsBefore(flight.id))
  }

  /** Of flights in one partition. */
  async #lookIn(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    budget: Budget,
  ): Promise<readonly KeyFlight[]> {
    const reader = this.#parts.readers[flights[0]?.partition ?? 0]
    const wishes = flights.map((flight) => ({ flight, isHead: flight.suspect !== undefined }))
    const first = await reader?.read(wishes, tagsBefore(family, flights), budget)
    if (first === undefined || reader === undefined) return flights
    const finds = this.#findsIn(family, first)
    const isWhole = !finds.some(({ flight, slot, isHead }) => isHead && isChanged(flight, slot))
    const whole = isWhole ? finds : await this.#completed(family, finds, reader, budget)
    const { valid, unclear } = this.#sorted(family, whole)
    const late = this.#landAll(family, valid)
    if (late !== undefined) await late
    if (unclear.length > 0) {
      await this.#landAll(family, await this.#clarified(family, unclear, reader, budget))
    }
    return flights.filter((flight) => !flight.hasLanded)
  }

  #findsIn(family: FamilyRuntime, readings: readonly SlotReading[]): readonly Find[] {
    const finds: Find[] = []
    for (const { flight, text, isHead, groups } of readings) {
      flight.why = 'absent'
      if (text === undefined) continue
      const slot = isHead ? parseHead(text) : parseSlot(text)
      if (slot?.kind === 'value') finds.push({ flight, slot, groups, isHead })
      else if (slot === undefined) {
        this.#report(family, flight, 'expected a slot of this library')
        flight.why = 'void'
      }
    }
    return finds
  }

  /** Where another value is there than memory holds, the rest of it is needed too. */
  async #completed(
    family: FamilyRuntime,
    finds: readonly Find[],
    reader: TickReader,
    budget: Budget,
  ): Promise<readonly Find[]> {
    const changed = finds.filter(({ flight, slot, isHead }) => isHead && isChanged(flight, slot))
    if (changed.length === 0) return finds
    const settled = finds.filter(({ flight, slot, isHead }) => !isHead || !isChanged(flight, slot))
    const wishes = changed.map(({ flight }) => ({ flight, isHead: false }))
    const tags = new Set(changed.flatMap(({ slot }) => slot.meta.tags))
    const readings = await reader.read(wishes, [...tags], budget)
    return readings === undefined ? settled : settled.concat(this.#findsIn(family, readings))
  }

  /** Which finds are valid, and which have tags that nobody could know before. */
  #sorted(family: FamilyRuntime, finds: readonly Find[]): Sorted {
    const valid: Find[] = []
    const unclear: Find[] = []
    for (const find of finds) {
      const judgement = this.#verdict(family, find, find.groups)
      if (judgement === 'valid') valid.push(find)
      else if (judgement === 'tagsUnknown') unclear.push(find)
      else find.flight.why = judgement
    }
    return { valid, unclear }
  }

  /** Those that are valid, after one more read for the tags of all. */
  async #clarified(
    family: FamilyRuntime,
    unclear: readonly Find[],
    reader: TickReader,
    budget: Budget,
  ): Promise<readonly Find[]> {
    const tags = new Set(unclear.flatMap(({ slot }) => slot.meta.tags))
    const groups = await reader.readTags([...tags], budget)
    return unclear.filter((find) => {
      if (groups && this.#verdict(family, find, groups) === 'valid') return true
      find.flight.why = 'void'
      return false
    })
  }

  /** What is still to be invalidated is not served, although the server knows nothing of it. */
  #verdict(
    family: FamilyRuntime,
    find: Find,
    groups: GroupReading,
  ): Judgement | 'invalidationPending' {
    const judgement = judge(family, find, groups)
    if (judgement !== 'valid') return judgement
    const { flight, slot } = find
    const mustWait = isPending(this.#parts.engine, flight, () => slot.meta.tags)
    return mustWait ? 'invalidationPending' : 'valid'
  }

  /** Undefined: all at once. */
  #landAll(family: FamilyRuntime, finds: readonly Find[]): Promise<unknown> | undefined {
    let late: Promise<unknown>[] | undefined
    for (const find of finds) {
      const landing = this.#landFind(family, find)
      if (!(landing instanceof Promise)) continue
      late ??= []
      late.push(landing)
    }
    return late && Promise.all(late)
  }

  #landFind(
    family: FamilyRuntime,
    { flight, slot, groups, isHead }: Find,
  ): Landing | Promise<Landing> {
    if (!isHead) return this.landWith(family, flight, slot, groups)
    const arrival = arrivalOf(family, flight.key, { slot, times: groups })
    this.#parts.lander.renew(family, flight, arrival)
    const value = flight.suspect?.value
    return this.#arrive(family, flight, { arrival, value, why: 'revalidated' }) ? 'landed' : 'old'
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
    if (!(unpacked instanceof Promise)) return this.#landUnpacked(family, flight, found, unpacked)
    return unpacked.then((later) => this.#landUnpacked(family, flight, found, later))
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
    return this.#arrive(family, flight, { arrival, value, why }) ? 'landed' : 'old'
  }

  #arrive(family: FamilyRuntime, flight: KeyFlight, landing: Arriving): boolean {
    const { lander, pauses, engine } = this.#parts
    const landed = landedWith(family, flight, landing, { pauses, nowMs: engine.clock.now() })
    if (landed === undefined) return false
    lander.land(flight, landed)
    lander.end(flight)
    return true
  }

  #report(family: FamilyRuntime, flight: KeyFlight, expected: string): void {
    const error = slotCorrupt(family.name, flight.key, expected)
    this.#parts.engine.watchers.tell({ kind: 'fault', error })
  }
}

function isChanged(flight: KeyFlight, slot: ValueSlot): boolean {
  return flight.suspect?.fid !== slot.fid
}

function judge(family: FamilyRuntime, { slot }: Find, groups: GroupReading): Judgement {
  const { stamp, epoch, floor, serverMs, tagClock } = groups
  return judgeValue(slot, { stamp, epoch, floor, serverMs, tagClock, schema: family.version })
}

function tagsBefore(family: FamilyRuntime, flights: readonly KeyFlight[]): readonly string[] {
  const tags = new Set<string>()
  for (const { id, suspect } of flights) {
    for (const tag of suspect?.tags ?? family.tagsBefore(id)) tags.add(tag)
  }
  return [...tags]
}
