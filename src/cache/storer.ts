/**
 * Puts loaded values where they belong. Callers have their value as soon as the store
 * is on its way; memory keeps it only when the server has accepted it, because only
 * then nothing was invalidated since the lease was granted (PROTOCOL 3.3).
 */
import type { Fill, FillVerdict, LeaseReply } from '../core/contracts/store.ts'
import type { StoreResult } from '../core/outcome.ts'
import { Budget } from '../resilience/index.ts'
import { type Engine, isPending } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { Fit } from './fitting.ts'
import type { Grant, KeyFlight } from './flight-of.ts'
import type { Gate } from './gate.ts'
import type { Lander } from './lander.ts'

export interface StorerParts {
  readonly engine: Engine
  readonly gate: Gate
  readonly lander: Lander
}

/** A value on its way into a slot. */
interface Parcel {
  readonly flight: KeyFlight
  readonly grant: Grant
  readonly fit: Fit
}

export class Storer {
  readonly #parts: StorerParts

  constructor(parts: StorerParts) {
    this.#parts = parts
  }

  async store(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    values: readonly unknown[],
    startedMs: number,
  ): Promise<void> {
    const { engine, lander } = this.#parts
    family.counters.loads += flights.length
    const results = new Map<KeyFlight, StoreResult>()
    const parcels: Parcel[] = []
    const homeward = flights.map((flight, index) => {
      const fitting = family.fit(values[index], flight.id, flight.key)
      if (fitting.kind === 'unfit' && family.isNews(fitting.error)) {
        engine.watchers.tell({ kind: 'fault', error: fitting.error })
      }
      const { grant } = flight
      const isFit = fitting.kind === 'fit' && !isPending(engine, flight, () => fitting.tags)
      if (isFit && grant !== undefined) {
        parcels.push({ flight, grant, fit: fitting })
      } else {
        results.set(flight, fitting.kind === 'fit' ? withoutGrant(flight) : fitting.result)
      }
      return { flight, value: fitting.value }
    })
    const sent = byGrant(parcels).map((group) => this.#send(family, group, results))
    for (const { flight, value } of homeward) {
      const bornMs = flight.grant?.askedMs ?? startedMs
      lander.land(flight, { value, from: 'source', why: flight.why, bornMs })
    }
    await Promise.all(sent)
    for (const flight of flights) lander.end(flight)
    this.#tell(family, flights, results, startedMs)
    await this.#giveBack(flights, parcels)
  }

  async #send(
    family: FamilyRuntime,
    parcels: readonly Parcel[],
    results: Map<KeyFlight, StoreResult>,
  ): Promise<void> {
    const { engine, gate } = this.#parts
    const [first] = parcels
    if (first === undefined) return
    const { partition } = first.flight
    const { reply, replaces } = first.grant
    const clock = family.clockOf(reply)
    const budget = new Budget(engine.clock, engine.settings.budgetMs)
    const verdicts = await gate.write(partition, budget, () => {
      const stamp = engine.store.connectedOf(partition)?.stamp ?? ''
      const fills = parcels.map((parcel) => this.#fillOf(family, parcel, stamp))
      const request = { stamp, epoch: reply.epoch, clock, fills }
      return replaces === undefined
        ? engine.store.fill(partition, request)
        : engine.store.replace(partition, request)
    })
    for (const [index, parcel] of parcels.entries()) {
      const verdict = verdicts === undefined ? 'redisDown' : (verdicts[index] ?? 'gone')
      results.set(parcel.flight, this.#keep(family, parcel, verdict))
    }
  }

  #fillOf(family: FamilyRuntime, { flight, grant, fit }: Parcel, stamp: string): Fill {
    const { reply, token, replaces, askedMs } = grant
    const bornMs = Math.floor(reply.serverMs)
    const { epoch } = reply
    const clock = family.clockOf(reply)
    return {
      key: flight.key,
      expected: replaces ?? token,
      order: fit.order,
      tags: fit.tags,
      lifeMs: fit.lifeMs,
      bornMs,
      elapsedMs: Math.ceil(this.#parts.engine.clock.now() - askedMs),
      text: family.slotText(fit, { stamp, epoch, clock, fid: token, bornMs }),
    }
  }

  #keep(
    family: FamilyRuntime,
    { flight, grant, fit }: Parcel,
    verdict: FillVerdict | 'redisDown',
  ): StoreResult {
    if (verdict !== 'stored') return verdict
    this.#parts.lander.keep(family, flight, {
      value: fit.value,
      fid: grant.token,
      clock: family.clockOf(grant.reply),
      tags: fit.tags,
      order: fit.order,
      bornMs: grant.askedMs,
      untilMs: grant.askedMs + fit.lifeMs,
      sizeBytes: family.sizeOf(fit.payload),
    })
    return flight.isDoomed ? 'doomed' : 'stored'
  }

  /** Leases of values that were not fit to be stored: the next reader need not wait. */
  async #giveBack(flights: readonly KeyFlight[], parcels: readonly Parcel[]): Promise<void> {
    const { store } = this.#parts.engine
    const sent = new Set(parcels.map((parcel) => parcel.flight))
    for (const flight of flights) {
      const { grant, key, partition } = flight
      if (grant === undefined || grant.replaces !== undefined) continue
      if (sent.has(flight)) continue
      // A lease that can't be given back expires.
      await store.release(partition, [{ key, token: grant.token }]).catch(() => {})
    }
  }

  #tell(
    family: FamilyRuntime,
    flights: readonly KeyFlight[],
    results: ReadonlyMap<KeyFlight, StoreResult>,
    startedMs: number,
  ): void {
    const stored = flights.map((flight) => results.get(flight) ?? 'noLease')
    for (const result of stored) family.counters.countStore(result)
    const { watchers, clock } = this.#parts.engine
    if (!watchers.isWatched) return
    watchers.tell({
      kind: 'load',
      family: family.name,
      keys: flights.map((flight) => flight.key),
      ms: clock.now() - startedMs,
      error: undefined,
      stored,
    })
  }
}

function withoutGrant(flight: KeyFlight): StoreResult {
  return flight.why === 'redisDown' ? 'redisDown' : 'noLease'
}

/** Parcels that one script call can store: of one grant reply, and of one kind. */
function byGrant(parcels: readonly Parcel[]): readonly (readonly Parcel[])[] {
  const groups = new Map<LeaseReply, { fill: Parcel[]; replace: Parcel[] }>()
  for (const parcel of parcels) {
    const group = groups.get(parcel.grant.reply) ?? { fill: [], replace: [] }
    groups.set(parcel.grant.reply, group)
    if (parcel.grant.replaces === undefined) group.fill.push(parcel)
    else group.replace.push(parcel)
  }
  return [...groups.values()].flatMap(({ fill, replace }) =>
    [fill, replace].filter((group) => group.length > 0),
  )
}
