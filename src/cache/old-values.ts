/**
 * Reads of families whose values age (docs/refresh.md): what memory may serve after a closer
 * look, and what is served instead of a load that fails, or is slow. An old value is looked
 * for in the very moment in which it is needed: it is a trusted entry of memory then, or the
 * valid value in Redis, or it is not served.
 */
import type { FlightMode, Landed } from '../coherence/index.ts'
import type { Entry } from '../core/entry.ts'
import { extended, type Life, type Phase } from '../core/life.ts'
import type { StaleReason } from '../core/outcome.ts'
import { Budget } from '../resilience/index.ts'
import { type Engine, partitionAt } from './engine.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import { staleReasonOf } from './faults.ts'
import { KeyFlight } from './flight-of.ts'
import type { Lander } from './lander.ts'
import type { Looker } from './looker.ts'
import type { Pauses } from './pauses.ts'
import type { Refresher } from './refresher.ts'
import { type Answer, Flown } from './seat.ts'

export interface OldValueParts {
  readonly engine: Engine
  readonly looker: Looker
  readonly lander: Lander
  readonly pauses: Pauses
  readonly refresher: Refresher
}

/** A flight, and how far its caller must read: that may be further than the flight does. */
interface Asked {
  readonly flight: KeyFlight
  readonly mode: FlightMode
}

/** An entry that may be trusted, and how old it is. */
interface Look {
  readonly entry: Entry
  readonly life: Life
  readonly ageMs: number
  readonly phase: Phase
}

export class OldValues {
  readonly #parts: OldValueParts

  constructor(parts: OldValueParts) {
    this.#parts = parts
  }

  /** The slot of a fresh entry that a hit leaves to a closer look, or -1. Changes nothing. */
  peek(family: FamilyRuntime, id: unknown): number {
    const isFresh = this.#look(family, id)?.phase === 'fresh'
    return isFresh ? family.region.find(family.memoryId(id)) : -1
  }

  /** What memory answers at once; a refresh is begun where one is due. */
  answer(family: FamilyRuntime, id: unknown): Answer | undefined {
    const look = this.#look(family, id)
    if (look === undefined) return undefined
    const { entry, phase } = look
    const key = family.keyText(id)
    if (phase === 'fresh') {
      family.region.touch(family.region.find(family.memoryId(id)))
      this.#attend(family, id, look)
      return { kind: 'hit', key, entry }
    }
    const pause = this.#parts.pauses.reasonOf(key)
    if (phase === 'stale') {
      this.#parts.refresher.start(family, id, entry.fid)
      return staleAnswer(family, key, entry, pause ?? 'revalidating')
    }
    return phase === 'grace' && pause ? staleAnswer(family, key, entry, pause) : undefined
  }

  /** The answer of a flight, or an old value where the load fails, or takes too long. */
  async soften(family: FamilyRuntime, asked: Asked, answering: Promise<Answer>): Promise<Answer> {
    const { flight } = asked
    if (asked.mode === 'fresh' || flight.mode === 'fresh') return answering
    const inTime = await this.#inTime(family, answering)
    if (inTime === undefined) {
      const old = await this.#find(family, asked, 'softTimeout')
      if (old === undefined) return answering
      // The load goes on, whatever becomes of this caller.
      flight.join()
      return old
    }
    if (inTime.kind === 'flown') this.#arrived(family, flight, inTime.landed)
    const { staleMs, graceMs } = family.rules.refresh
    if (inTime.kind !== 'failed' || Math.max(staleMs, graceMs) === 0) return inTime
    const why = inTime.isOfSource ? 'sourceFailed' : staleReasonOf(inTime.error)
    const old = why && (await this.#find(family, asked, why))
    if (why === undefined || old === undefined) return inTime
    this.#parts.pauses.failed(flight.key, why)
    return old
  }

  /** What was found in Redis may have to be loaded anew. */
  #arrived(family: FamilyRuntime, { id }: KeyFlight, { agedFid }: Landed): void {
    if (agedFid !== undefined) this.#parts.refresher.start(family, id, agedFid)
  }

  /** Undefined: not within the soft timeout. */
  #inTime(family: FamilyRuntime, answering: Promise<Answer>): Promise<Answer | undefined> {
    const { softTimeoutMs } = family.rules.refresh
    if (softTimeoutMs === Number.POSITIVE_INFINITY) return answering
    return new Promise((resolve) => {
      const timer = this.#parts.engine.clock.timer(softTimeoutMs, () => resolve(undefined))
      const answered = (answer: Answer) => {
        timer.cancel()
        resolve(answer)
      }
      void answering.then(answered)
    })
  }

  /** An old value that may be served now. */
  async #find(
    family: FamilyRuntime,
    { flight, mode }: Asked,
    why: StaleReason,
  ): Promise<Answer | undefined> {
    const { key, id } = flight
    const look = mode === 'bounded' ? this.#look(family, id) : undefined
    if (look?.phase === 'fresh') return { kind: 'hit', key, entry: look.entry }
    if (look !== undefined) return staleAnswer(family, key, look.entry, why)
    // A call waits for Redis once: one that has not answered its flight is not asked again.
    if (flight.why === 'redisDown') return undefined
    // Whoever asks has an answer already, if a bad one.
    const landed = await this.#probe(family, flight).catch(() => undefined)
    if (landed === undefined) return undefined
    if (landed.from !== 'stale') return new Flown(key, landed, 'own')
    return new Flown(key, { ...landed, why }, 'own')
  }

  /** What is valid in Redis now, in its grace or not. */
  async #probe(
    family: FamilyRuntime,
    { key, partition, id, memoryId }: KeyFlight,
  ): Promise<Landed | undefined> {
    const { engine, looker, lander } = this.#parts
    const { generation } = partitionAt(engine, partition).trust
    const startedMs = engine.clock.now()
    const probe = new KeyFlight({
      ...{ key, partition, mode: 'strict', generation, startedMs, id, memoryId },
      ...{ suspect: undefined, outer: undefined, isShareable: false, alone: undefined },
    })
    probe.takesGrace = true
    probe.isClosed = true
    engine.flights.register(probe)
    try {
      await looker.look(family, [probe], new Budget(engine.clock, engine.settings.budgetMs))
      return probe.landed
    } finally {
      lander.end(probe)
    }
  }

  #look(family: FamilyRuntime, id: unknown): Look | undefined {
    const { engine } = this.#parts
    const entry = family.region.get(family.memoryId(id))
    if (entry === undefined || !this.#isTrusted(entry)) return undefined
    const ageMs = engine.clock.now() - entry.bornMs
    const held = family.lifetimes.heldOf(entry)
    const life = family.lifetimes.now(held.life, family.keyText(id))
    const phase = family.lifetimes.phaseOf(life, ageMs)
    return phase === 'over' ? undefined : { entry, life, ageMs, phase }
  }

  #isTrusted(entry: Entry): boolean {
    const { engine } = this.#parts
    const { trust, groups } = partitionAt(engine, entry.partition)
    return (
      engine.clock.now() < trust.untilMs &&
      entry.generation === trust.generation &&
      groups.covers(entry.clock, entry.tags)
    )
  }

  /** Late in its life: it is loaded anew, or lives longer because it is read. */
  #attend(family: FamilyRuntime, id: unknown, { entry, life, ageMs }: Look): void {
    const { lifetimes, rules } = family
    const { access } = rules.lives
    const held = lifetimes.heldOf(entry)
    if (lifetimes.earlyMs(life, held.loadMs) <= ageMs) {
      this.#parts.refresher.start(family, id, entry.fid)
      return
    }
    if (access === undefined || ageMs < life.softMs / 2 || held.ttl === undefined) return
    const longer = extended(rules.refresh, life, { ageMs, extendMs: access.extendMs })
    if (longer === life) return
    const { bornMs, fid } = entry
    const because = held.ttl.because.filter(({ rule }) => rule !== 'access')
    const ttl = { ms: longer.softMs, because: [...because, step(longer.softMs)] }
    const earlyMs = lifetimes.earlyMs(longer, held.loadMs)
    const stay = { life: longer, ttl, bornMs, loadMs: held.loadMs, earlyMs, fromMs: ageMs }
    const span = lifetimes.keep(fid, stay)
    family.region.put(family.memoryId(id), { ...entry, ...span }, this.#parts.engine.clock.now())
  }
}

function step(ms: number) {
  return { rule: 'access', ms } as const
}

function staleAnswer(
  { lifetimes }: FamilyRuntime,
  key: string,
  entry: Entry,
  why: StaleReason,
): Answer {
  const { value, bornMs } = entry
  const { ttl } = lifetimes.heldOf(entry)
  const landed = { from: 'stale', why, value, bornMs, ttl } as const
  return new Flown(key, landed, 'own')
}
