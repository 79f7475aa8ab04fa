/**
 * How old was what a read showed? A read is stale when it lacks a write that had been
 * acknowledged more than the trust bound before the read began (DESIGN, the promise).
 */

/** Δ of the services, and the largest error of a process's clock rate (ρ). */
const trustMs = 1_500
const clockRateError = 0.001
export const trustBoundMs = trustMs * (1 + clockRateError)

export interface Acknowledged {
  readonly positionId: number
  readonly atMs: number
}

export interface Reading {
  readonly beganMs: number
  readonly positionIds: ReadonlySet<number>
}

/** Milliseconds by which the read lags: 0 when it lacks nothing that was acknowledged before it. */
export function ageOf(reading: Reading, writes: readonly Acknowledged[]): number {
  let ageMs = 0
  for (const { positionId, atMs } of writes) {
    if (reading.positionIds.has(positionId)) continue
    ageMs = Math.max(ageMs, reading.beganMs - atMs)
  }
  return ageMs
}

/** The value below which the share of all lies; 0 of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
