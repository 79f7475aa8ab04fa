/** What the caches of the workers are opened with, and what follows from it. */

const trustMs = 1_000
/** What the clock of a process may be wrong by, and the rounding of times. */
const clockRateError = 0.001
const roundingMs = 1

/** How long memory may lag. */
export const boundMs: number = trustMs * (1 + clockRateError) + roundingMs

export const leaseMs: number = 1_000
/** How long a writer that died keeps its keys out of the cache. */
export const quarantineMs: number = 4_000

export const cacheSettings: CacheSettings = {
  trust: trustMs,
  leaseTtl: leaseMs,
  quarantine: quarantineMs,
  log: false,
}

interface CacheSettings {
  readonly trust: number
  readonly leaseTtl: number
  readonly quarantine: number
  readonly log: false
}
