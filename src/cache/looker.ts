/**
 * Looks for values in the second tier. What is valid lands; what is not is handed on,
 * with the reason, to be claimed. Values whose tags were not known beforehand cost a
 * second read of group clocks, sent after the value was received (PROTOCOL 3.2).
 */
import { judgeValue } from '../coherence/index.ts'
import { parseHead, parseSlot, type ValueSlot } from '../core/slot.ts'
import type { Budget } from '../resilience/index.ts'
import { byPartition } from './by-partition.ts'
import type { Engine } from './engine.ts'
import { partitionAt } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { slotCorrupt } from './faults.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Lander } from './lander.ts'
import type { GroupReading, SlotReading, TickReader } from './tick-reader.ts'

export interface LookerParts {
  readonly engine: Engine
  readonly lander: Lander
  readonly readers: readonly TickReader[]
}

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
    const missed: KeyFlight[] = []
    const toRead: KeyFlight[] = []
    for (const flight of flights) {
      if (this.#isPending(flight)) missed.push(flight)
      else if (flight.mode === 'fresh') missed.push(flight)
      else toRead.push(flight)
    }
    const groups = byPartition(toRead)
    const rest = await Promise.all(groups.map((group) => this.#lookIn(family, group, budget)))
    return missed.concat(...rest)
  }

  #isPending(flight: KeyFlight): boolean {
    return this.#parts.engine.journal.isPending(flight.partition, flight.key)
  }

  async #lookIn(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    budget: Budget,
  ): Promise<KeyFlight[]> {
    const reader = this.#parts.readers[flights[0]?.partition ?? 0]
    const wishes = flights.map((flight) => ({ flight, isHead: flight.suspect !== undefined }))
    const tags = new Set<string>()
    for (const { id, suspect } of flights) {
      for (const tag of suspect?.tags ?? family.tagsBefore(id)) tags.add(tag)
    }
    const readings = await reader?.read(wishes, [...tags], budget)
    if (readings === undefined || reader === undefined) return [...flights]
    const missed: KeyFlight[] = []
    for (const [index, flight] of flights.entries()) {
      const reading = readings[index]
      const isHome =
        reading !== undefined && (await this.#take(family, flight, reading, reader, budget))
      if (!isHome) missed.push(flight)
    }
    return missed
  }

  /** True when the flight has landed with what was read. */
  async #take(
    family: FamilyRuntime,
    flight: KeyFlight,
    reading: SlotReading,
    reader: TickReader,
    budget: Budget,
  ): Promise<boolean> {
    flight.why = 'absent'
    if (reading.text === undefined) return false
    const slot = reading.isHead ? parseHead(reading.text) : parseSlot(reading.text)
    if (slot === undefined) {
      this.#report(family, flight, 'expected a slot of this library')
      flight.why = 'void'
      return false
    }
    if (slot.kind !== 'value') return false
    const groups = await this.#groupsOf(slot, reading.groups, family, flight, reader, budget)
    if (groups === undefined) return false
    if (!reading.isHead) return this.landWith(family, flight, slot, groups)
    if (flight.suspect?.fid === slot.fid) return this.#revalidated(family, flight, slot, groups)
    // Another value is there: what memory holds is of no use, and the rest is needed too.
    const whole = await reader.read([{ flight, isHead: false }], slot.meta.tags, budget)
    return whole?.[0] !== undefined && this.#take(family, flight, whole[0], reader, budget)
  }

  /** Group clocks that cover all tags of a valid slot; undefined when it isn't valid. */
  async #groupsOf(
    slot: ValueSlot,
    groups: GroupReading,
    family: FamilyRuntime,
    flight: KeyFlight,
    reader: TickReader,
    budget: Budget,
  ): Promise<GroupReading | undefined> {
    const stamp = partitionAt(this.#parts.engine, flight.partition).trust.stamp ?? ''
    const judge = (reading: GroupReading) =>
      judgeValue(slot, { ...reading, tagClock: reading.tagClock, stamp, schema: family.version })
    const first = judge(groups)
    if (first === 'valid') return groups
    if (first === 'tagsUnknown') {
      const second = await reader.readTags(slot.meta.tags, budget)
      if (second !== undefined && judge(second) === 'valid') return groups
    }
    flight.why = first === 'otherVersion' ? 'otherVersion' : 'void'
    return undefined
  }

  /** Lands with a value that has been judged valid; false when its payload is unusable. */
  landWith(
    family: FamilyRuntime,
    flight: KeyFlight,
    slot: ValueSlot,
    times: { readonly serverMs: number; readonly sentMs: number },
  ): boolean {
    const decoded = family.decode(slot)
    if (!decoded.isUsable) {
      this.#report(family, flight, decoded.expected)
      flight.voidFid = slot.fid
      flight.why = 'void'
      flight.rounds++
      return false
    }
    const bornMs = times.sentMs - (times.serverMs - slot.bornMs)
    this.#parts.lander.keep(family, flight, {
      value: decoded.value,
      fid: slot.fid,
      clock: slot.clock,
      tags: slot.meta.tags,
      order: slot.order,
      bornMs,
      untilMs: bornMs + slot.softMs,
      sizeBytes: family.sizeOf(slot.payload),
    })
    const why = flight.hasWaited ? 'waited' : 'stored'
    this.#parts.lander.land(flight, { value: decoded.value, from: 'redis', why, bornMs })
    this.#parts.lander.end(flight)
    return true
  }

  #revalidated(
    family: FamilyRuntime,
    flight: KeyFlight,
    slot: ValueSlot,
    times: { readonly serverMs: number; readonly sentMs: number },
  ): boolean {
    const bornMs = times.sentMs - (times.serverMs - slot.bornMs)
    this.#parts.lander.renew(family, flight, bornMs + slot.softMs)
    const value = flight.suspect?.value
    this.#parts.lander.land(flight, { value, from: 'redis', why: 'revalidated', bornMs })
    this.#parts.lander.end(flight)
    return true
  }

  #report(family: FamilyRuntime, flight: KeyFlight, expected: string): void {
    const error = slotCorrupt(family.name, flight.key, expected)
    this.#parts.engine.watchers.tell({ kind: 'fault', error })
  }
}
