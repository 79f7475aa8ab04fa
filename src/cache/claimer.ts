/**
 * Claims slots for loading: asks for leases, in chunks that don't block the server,
 * and sorts what comes back (PROTOCOL 3.2, LEASE). A grant that arrives after its
 * call has given up is released: whether the load began before it is unknown.
 */
import { judgeValue } from '../coherence/index.ts'
import type { LeaseAsk, LeaseReply, LeaseVerdict } from '../core/contracts/store.ts'
import { parseSlot } from '../core/slot.ts'
import type { Budget } from '../resilience/index.ts'
import { byPartition, inChunks } from './by-partition.ts'
import { type Engine, isPending, newEpoch } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { slotCorrupt } from './faults.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Gate } from './gate.ts'
import type { Looker } from './looker.ts'

/** Keys in one lease script. */
const leasesMax = 200
/** Values that could not be used, before the reader loads without storing. */
const roundsMax = 3

export interface Claims {
  /** To be loaded now, with a grant where the value may be stored. */
  readonly ready: readonly KeyFlight[]
  /** Being loaded by somebody else. */
  readonly busy: readonly KeyFlight[]
}

interface ClaimAttempt {
  readonly reply: LeaseReply
  readonly asks: readonly LeaseAsk[]
  readonly askedMs: number
}

export class Claimer {
  readonly #engine: Engine
  readonly #gate: Gate
  readonly #looker: Looker

  constructor(engine: Engine, gate: Gate, looker: Looker) {
    this.#engine = engine
    this.#gate = gate
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
    if (flight.isWriting) {
      flight.why = 'quarantined'
      return false
    }
    if (isPending(this.#engine, flight, () => family.tagsBefore(flight.id))) {
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
    const attempt = await this.#ask(family, flights, budget)
    if (attempt === undefined) {
      for (const flight of flights) flight.why = 'redisDown'
      return { ready: flights, busy: [], again: [] }
    }
    const sorted = { ready: [] as KeyFlight[], busy: [] as KeyFlight[], again: [] as KeyFlight[] }
    for (const [index, flight] of flights.entries()) {
      const place = this.#sort(family, flight, attempt, index)
      if (place !== 'landed') sorted[place].push(flight)
    }
    return sorted
  }

  async #ask(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    budget: Budget,
  ): Promise<ClaimAttempt | undefined> {
    const { chance, clock, settings, store } = this.#engine
    const partition = flights[0]?.partition ?? 0
    const asks = flights.map((flight): LeaseAsk => {
      const { key, voidFid } = flight
      return { key, token: chance.token(), schema: family.version, voidFid }
    })
    let sent: Promise<LeaseReply> | undefined
    let askedMs = 0
    const reply = await this.#gate.write(partition, budget, () => {
      askedMs = clock.now()
      for (const flight of flights) flight.isGathering = false
      const stamp = store.connectedOf(partition)?.stamp ?? ''
      sent = store.lease(partition, {
        stamp,
        newEpoch: newEpoch(this.#engine),
        leaseMs: settings.leaseMs,
        asks,
      })
      return sent
    })
    if (reply !== undefined) return { reply, asks, askedMs }
    if (sent !== undefined) this.#engine.tasks.run(this.#releaseLate(partition, asks, sent))
    return undefined
  }

  async #releaseLate(
    partition: number,
    asks: readonly LeaseAsk[],
    sent: Promise<LeaseReply>,
  ): Promise<void> {
    const reply = await sent.catch(() => undefined)
    const held = asks.filter((_, index) => reply?.verdicts[index]?.kind === 'granted')
    if (held.length > 0) await this.#engine.store.release(partition, held).catch(() => {})
  }

  #sort(
    family: FamilyRuntime,
    flight: KeyFlight,
    attempt: ClaimAttempt,
    index: number,
  ): 'ready' | 'busy' | 'again' | 'landed' {
    const verdict = attempt.reply.verdicts[index]
    const token = attempt.asks[index]?.token
    if (verdict === undefined || token === undefined) {
      throw new RangeError('expected a verdict for every lease that was asked for')
    }
    switch (verdict.kind) {
      case 'granted':
        return this.#granted(family, flight, attempt, verdict.foreign, token)
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
    isForeign: boolean,
    token: string,
  ): 'ready' {
    if (isForeign) {
      const error = slotCorrupt(family.name, flight.key, 'expected a slot of this library')
      this.#engine.watchers.tell({ kind: 'fault', error })
      flight.why = 'void'
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
  ): 'ready' | 'again' | 'landed' {
    const slot = parseSlot(verdict.text)
    if (slot?.kind !== 'value') {
      flight.rounds++
      return 'again'
    }
    if (flight.mode === 'fresh') {
      flight.why = 'asked'
      flight.grant = { reply, token, replaces: slot.fid, askedMs }
      return 'ready'
    }
    if (isPending(this.#engine, flight, () => slot.meta.tags)) {
      flight.why = 'invalidationPending'
      return 'ready'
    }
    // The script has compared floor and tags in the same step in which it read the value.
    const stamp = this.#engine.store.connectedOf(flight.partition)?.stamp ?? ''
    const around = { stamp, epoch: reply.epoch, floor: 0, schema: family.version }
    const judgement = judgeValue(slot, { ...around, serverMs: reply.serverMs, tagClock: () => 0 })
    const times = { serverMs: reply.serverMs, sentMs: askedMs }
    if (judgement === 'valid' && this.#looker.landWith(family, flight, slot, times)) return 'landed'
    if (judgement !== 'valid') {
      flight.voidFid = slot.fid
      flight.rounds++
    }
    return 'again'
  }
}
