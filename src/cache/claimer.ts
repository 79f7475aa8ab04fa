/**
 * Claims slots for loading: asks for leases and sorts what comes back (PROTOCOL 3.2, LEASE).
 */
import { judgeValue } from '../coherence/index.ts'
import type { LeaseVerdict, Replaced } from '../core/contracts/store.ts'
import { parseSlot } from '../core/slot.ts'
import type { Budget } from '../resilience/index.ts'
import { byPartition, inChunks } from './by-partition.ts'
import { type Engine, hasPending, isPending } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { slotCorrupt } from './faults.ts'
import type { KeyFlight } from './flight-of.ts'
import { type ClaimAttempt, type LeaseDesk, leasesMax } from './lease-desk.ts'
import type { Landing, Looker } from './looker.ts'

/** Values that could not be used, before the reader loads without storing. */
const roundsMax = 3

export interface Claims {
  /** To be loaded now, with a grant where the value may be stored. */
  readonly ready: readonly KeyFlight[]
  /** Being loaded by somebody else. */
  readonly busy: readonly KeyFlight[]
}

/** Where a flight goes from here. */
type Where = 'ready' | 'busy' | 'again' | 'landed'

export class Claimer {
  readonly #engine: Engine
  readonly #desk: LeaseDesk
  readonly #looker: Looker

  constructor(engine: Engine, desk: LeaseDesk, looker: Looker) {
    this.#engine = engine
    this.#desk = desk
    this.#looker = looker
  }

  async claim(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    budget: Budget,
  ): Promise<Claims> {
    const ready: KeyFlight[] = []
    const busy: KeyFlight[] = []
    const toAsk: KeyFlight[] = []
    for (const flight of flights) {
      if (this.#mayAsk(family, flight)) toAsk.push(flight)
      else ready.push(flight)
    }
    const chunks = byPartition(toAsk).flatMap((group) => inChunks(group, leasesMax))
    const sortings = await Promise.all(
      chunks.map((chunk) => this.#claimChunk(family, chunk, budget)),
    )
    const again: KeyFlight[] = []
    for (const sorted of sortings) {
      ready.push(...sorted.ready)
      busy.push(...sorted.busy)
      again.push(...sorted.again)
    }
    if (again.length === 0) return { ready, busy }
    const next = await this.claim(family, again, budget)
    return { ready: ready.concat(next.ready), busy: busy.concat(next.busy) }
  }

  #mayAsk(family: FamilyRuntime, flight: KeyFlight): boolean {
    if (flight.alone !== undefined) {
      flight.why = flight.alone
      return false
    }
    const engine = this.#engine
    if (hasPending(engine) && isPending(engine, flight, family.tagsBefore(flight.id))) {
      flight.why = 'invalidationPending'
      return false
    }
    return flight.rounds < roundsMax
  }

  async #claimChunk(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    budget: Budget,
  ): Promise<Claims & { readonly again: readonly KeyFlight[] }> {
    const attempt = await this.#desk.ask(flights, family.version, budget)
    if (attempt === undefined) {
      for (const flight of flights) flight.why = 'redisDown'
      return { ready: flights, busy: [], again: [] }
    }
    const sorted = { ready: [] as KeyFlight[], busy: [] as KeyFlight[], again: [] as KeyFlight[] }
    const places = flights.map((flight, index) => this.#sort(family, flight, attempt, index))
    for (const [index, flight] of flights.entries()) {
      const where = places[index]
      const place = where instanceof Promise ? await where : where
      if (place !== undefined && place !== 'landed') sorted[place].push(flight)
    }
    return sorted
  }

  #sort(
    family: FamilyRuntime,
    flight: KeyFlight,
    attempt: ClaimAttempt,
    index: number,
  ): Where | Promise<Where> {
    const verdict = attempt.reply.verdicts[attempt.from + index]
    const token = attempt.asks[attempt.from + index]?.token
    if (verdict === undefined || token === undefined) {
      throw new RangeError('expected a verdict for every lease that was asked for')
    }
    switch (verdict.kind) {
      case 'granted':
        return this.#granted(family, flight, attempt, verdict.replaced, token)
      case 'value':
        return this.#valueThere(family, flight, attempt, verdict, token)
      case 'busy':
        if (flight.mode !== 'fresh') return 'busy'
        flight.why = 'asked'
        return 'ready'
      default:
        flight.why = verdict.kind
        return 'ready'
    }
  }

  #granted(
    family: FamilyRuntime,
    flight: KeyFlight,
    { reply, askedMs }: ClaimAttempt,
    replaced: Replaced,
    token: string,
  ): 'ready' {
    if (replaced !== 'nothing') flight.why = 'void'
    if (replaced === 'foreign') {
      const error = slotCorrupt(family.name, flight.key, 'expected a slot of this library')
      this.#engine.watchers.tell({ kind: 'fault', error })
    }
    if (flight.hasWaited) flight.why = 'leaseExpired'
    if (flight.mode === 'fresh') flight.why = 'asked'
    flight.grant = { reply, token, replaces: undefined, askedMs }
    return 'ready'
  }

  #valueThere(
    family: FamilyRuntime,
    flight: KeyFlight,
    { reply, askedMs }: ClaimAttempt,
    verdict: Extract<LeaseVerdict, { kind: 'value' }>,
    token: string,
  ): Where | Promise<Where> {
    const slot = parseSlot(verdict.text)
    if (slot?.kind !== 'value') {
      flight.rounds++
      return 'again'
    }
    // Asked to load now, whatever is there; or elected, and what was seen is still there.
    if (flight.mode === 'fresh' || (flight.isElected && flight.agedFid === slot.fid)) {
      if (flight.mode === 'fresh') flight.why = 'asked'
      flight.grant = { reply, token, replaces: slot.fid, askedMs }
      return 'ready'
    }
    if (isPending(this.#engine, flight, slot.meta.tags)) {
      flight.why = 'invalidationPending'
      return 'ready'
    }
    // The script has compared floor and tags in the same step in which it read the value.
    const stamp = this.#engine.store.connectedOf(flight.partition)?.stamp ?? ''
    const around = { stamp, epoch: reply.epoch, floor: 0, schema: family.version }
    const judgement = judgeValue(slot, { ...around, serverMs: reply.serverMs, tagClock: () => 0 })
    const nowMs = this.#engine.clock.now()
    const times = { serverMs: reply.serverMs, sentMs: askedMs, nowMs }
    if (judgement === 'valid') {
      const landing = this.#looker.landWith(family, flight, slot, times)
      if (!(landing instanceof Promise)) return whereAfter(landing, flight)
      return landing.then((later) => whereAfter(later, flight))
    }
    flight.voidFid = slot.fid
    flight.rounds++
    return 'again'
  }
}

/** In its grace a value is replaced by one of all who want it; looked at again it may be new. */
function whereAfter(landing: Landing, { why }: KeyFlight): Where {
  if (landing === 'landed') return landing
  return why === 'expired' ? 'busy' : 'again'
}
