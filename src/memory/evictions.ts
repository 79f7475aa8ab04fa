/** How many entries have left, by why. */
import { type EvictionCause, evictionCauses } from '../core/contracts/memory.ts'

export function noEvictions(): Record<EvictionCause, number> {
  return { bytes: 0, entries: 0, expired: 0, stale: 0, invalidated: 0 }
}

/** Adds those of one family to those of all. */
export function addEvictions(
  sum: Record<EvictionCause, number>,
  evictions: Readonly<Record<EvictionCause, number>>,
): void {
  for (const cause of evictionCauses) sum[cause] += evictions[cause]
}
