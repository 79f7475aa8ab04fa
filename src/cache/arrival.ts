/**
 * What a value from a slot, judged valid, comes to in this process: how old it is, whether it
 * may be served, and whether it is to be loaded anew.
 */
import { type Landed, LandedFrom } from '../coherence/index.ts'
import type { Life } from '../core/life.ts'
import type { FromRedis } from '../core/outcome.ts'
import type { ValueSlot } from '../core/slot.ts'
import type { Ttl } from '../core/ttl-policy.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Span } from './lifetimes.ts'
import type { Pauses } from './pauses.ts'
import type { GroupReading } from './tick-reader.ts'

/** When the server answered, on its clock, and when it was asked, on ours. */
export interface Times extends Pick<GroupReading, 'serverMs' | 'sentMs'> {
  /** When its answer is looked at, on ours: once for all that it brings. */
  readonly nowMs: number
}

export interface Found {
  readonly slot: ValueSlot
  readonly times: Times
}

export interface Arrival extends Span {
  readonly fid: string
  /** On our own clock, never later than it was: the transfer makes it older. */
  readonly bornMs: number
  readonly life: Life
  readonly ttl: Ttl | undefined
  /** Loaded anew although it is fresh. */
  readonly isEarly: boolean
}

/** A value that is about to land. */
export interface Arriving {
  readonly arrival: Arrival
  readonly value: unknown
  readonly why: FromRedis<unknown>['why']
  readonly nowMs: number
}

export function arrivalOf(
  { lifetimes }: FamilyRuntime,
  key: string,
  { slot, times }: Found,
): Arrival {
  const { fid, meta } = slot
  const ageMs = times.serverMs - slot.bornMs
  const bornMs = times.sentMs - ageMs
  if (!lifetimes.isAging) {
    const untilMs = bornMs + slot.softMs
    const staleUntilMs = bornMs + slot.lifeMs
    return { fid, bornMs, life: slot, ttl: undefined, isEarly: false, untilMs, staleUntilMs }
  }
  const { loadMs } = meta
  const life = lifetimes.now(slot, key)
  const earlyMs = lifetimes.earlyMs(life, loadMs)
  const ttl = lifetimes.storedTtl(slot, life)
  const span = lifetimes.keep(fid, { life, ttl, bornMs, loadMs, earlyMs })
  return { fid, bornMs, life, ttl, isEarly: earlyMs <= ageMs, ...span }
}

/**
 * Undefined: it is too old to be served. Its flight then knows whether the value is over, or
 * in its grace, where it is replaced by one of all who want it.
 */
export function landedWith(
  family: FamilyRuntime,
  flight: KeyFlight,
  { arrival, value, why, nowMs }: Arriving,
  pauses: Pauses,
): Landed | undefined {
  const { fid, bornMs, ttl } = arrival
  if (flight.isRefresh && flight.agedFid === fid) return undefined
  const phase = family.lifetimes.phaseOf(arrival.life, nowMs - bornMs)
  if (phase === 'fresh') {
    const agedFid = arrival.isEarly ? fid : undefined
    return new LandedFrom('redis', why, { value, bornMs, ttl, agedFid })
  }
  if (phase === 'over') {
    flight.why = 'void'
    flight.voidFid = fid
    flight.rounds++
    return undefined
  }
  // Why its key is not loaded now.
  const pause = pauses.reasonOf(flight.key)
  if (phase === 'stale') {
    return new LandedFrom('stale', pause ?? 'revalidating', { value, bornMs, ttl, agedFid: fid })
  }
  if (flight.takesGrace || pause !== undefined) {
    return new LandedFrom('stale', pause ?? 'sourceFailed', { value, bornMs, ttl })
  }
  flight.why = 'expired'
  flight.agedFid = fid
  return undefined
}
