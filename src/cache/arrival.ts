/**
 * What a value from a slot, judged valid, comes to in this process: how old it is, whether it
 * may be served, and whether it is to be loaded anew.
 */
import type { Landed } from '../coherence/index.ts'
import type { Life } from '../core/life.ts'
import type { FromRedis, StaleReason } from '../core/outcome.ts'
import type { ValueSlot } from '../core/slot.ts'
import type { Ttl } from '../core/ttl-policy.ts'
import type { FamilyRuntime } from './family-runtime.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Span } from './lifetimes.ts'
import type { GroupReading } from './tick-reader.ts'

/** When the server answered, on its clock, and when it was asked, on ours. */
export type Times = Pick<GroupReading, 'serverMs' | 'sentMs'>

export interface Arrival {
  readonly fid: string
  /** On our own clock, never later than it was: the transfer makes it older. */
  readonly bornMs: number
  readonly life: Life
  readonly span: Span
  readonly ttl: Ttl | undefined
  /** Loaded anew although it is fresh. */
  readonly isEarly: boolean
}

export function arrivalOf(
  { lifetimes }: FamilyRuntime,
  key: string,
  { slot, times }: { readonly slot: ValueSlot; readonly times: Times },
): Arrival {
  const { loadMs } = slot.meta
  const ageMs = times.serverMs - slot.bornMs
  const bornMs = times.sentMs - ageMs
  const life = lifetimes.now(slot, key)
  const earlyMs = lifetimes.earlyMs(life, loadMs)
  const ttl = lifetimes.storedTtl(slot, life)
  return {
    fid: slot.fid,
    bornMs,
    life,
    span: lifetimes.keep(slot.fid, { life, ttl, bornMs, loadMs, earlyMs }),
    ttl,
    isEarly: earlyMs <= ageMs,
  }
}

/**
 * Undefined: it is too old to be served. Its flight then knows whether the value is over, or
 * in its grace, where it is replaced by one of all who want it.
 */
export function landedWith(
  family: FamilyRuntime,
  flight: KeyFlight,
  found: {
    readonly arrival: Arrival
    readonly value: unknown
    readonly why: FromRedis<unknown>['why']
    /** Why its key is not loaded now. */
    readonly pause: StaleReason | undefined
    readonly nowMs: number
  },
): Landed | undefined {
  const { arrival, value, why, pause } = found
  const { fid, bornMs, ttl } = arrival
  if (flight.isRefresh && flight.agedFid === fid) return undefined
  switch (family.lifetimes.phaseOf(arrival.life, found.nowMs - bornMs)) {
    case 'fresh':
      return { from: 'redis', why, value, bornMs, ttl, agedFid: arrival.isEarly ? fid : undefined }
    case 'stale':
      return { from: 'stale', why: pause ?? 'revalidating', value, bornMs, ttl, agedFid: fid }
    case 'grace':
      if (flight.takesGrace || pause !== undefined) {
        return { from: 'stale', why: pause ?? 'sourceFailed', value, bornMs, ttl }
      }
      flight.why = 'expired'
      flight.agedFid = fid
      return undefined
    case 'over':
      flight.why = 'void'
      flight.voidFid = fid
      flight.rounds++
      return undefined
  }
}
