/**
 * Who may share whose load (PROTOCOL 3.2, Joining; 13, Barrier). Joining is reading
 * from memory: it needs trust. Without trust a load may be shared only while it is
 * younger than Δ, and only as long as this process is surely in the barrier registry.
 * A flight that has not asked anybody yet may be joined by everyone.
 */
import { clockRateError, type FlightMode } from '../coherence/index.ts'
import { type Engine, partitionAt } from './engine.ts'
import type { KeyFlight } from './flight-of.ts'
import type { Scope } from './load-scope.ts'

export interface Joiner {
  readonly mode: FlightMode
  /** The source that asks, if one does. */
  readonly scope: Scope | undefined
}

export function mayJoin(engine: Engine, joiner: Joiner): (flight: KeyFlight) => boolean {
  const now = engine.clock.now()
  return (flight) => {
    // A nested load ends with the source that asked for it: no company for others.
    if (flight.outer !== joiner.scope) return false
    // It has landed, is still being stored, and what it brought is over.
    if (now >= flight.untilMs) return false
    if (flight.isGathering) return joiner.mode !== 'fresh' || flight.mode === 'fresh'
    if (joiner.mode !== 'bounded') return false
    const { trust } = partitionAt(engine, flight.partition)
    if (trust.isTrusted(now)) return true
    if (!flight.isShareable || !isRegistered(engine, flight.partition, now)) return false
    return now - flight.startedMs < engine.settings.trustMs
  }
}

/**
 * Barriers surely wait for this process. A load that began while they did not may be older
 * than one that has been passed; it can be shared only with trust, which came after it.
 */
export function isRegistered(engine: Engine, partition: number, nowMs: number): boolean {
  const { trust } = partitionAt(engine, partition)
  return nowMs < trust.lastAckedMs + engine.settings.registryMs * (1 - clockRateError)
}
