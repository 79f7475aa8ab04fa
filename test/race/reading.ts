/** What a read gave and when; times are CLOCK_MONOTONIC, which all processes of a host share. */

export interface Reading {
  readonly invokedMs: number
  readonly returnedMs: number
  readonly version: number | undefined
  readonly from: 'memory' | 'redis' | 'source' | 'joined' | 'stale'
  readonly why: string
}

export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** Rate error of a process's clock that the promise allows for (ρ). */
const clockRateError = 0.001

/**
 * Readings that break the promise: older than `version` although they were asked for after
 * it was due. What memory served is due Δ(1+ρ) after the invalidation had resolved, the rest
 * at once.
 */
export function brokenPromises(
  readings: readonly Reading[],
  promise: { readonly version: number; readonly resolvedMs: number; readonly trustMs: number },
): readonly Reading[] {
  const memoryDueMs = promise.resolvedMs + promise.trustMs * (1 + clockRateError)
  return readings.filter((reading) => {
    const isMemory = reading.from === 'memory' || reading.from === 'joined'
    const dueMs = isMemory ? memoryDueMs : promise.resolvedMs
    return reading.invokedMs > dueMs && (reading.version ?? 0) < promise.version
  })
}
