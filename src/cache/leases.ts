/** The leases that loads hold, by what their flights were granted. */
import type { LeaseHeld, Store } from '../core/contracts/store.ts'
import { byPartition } from './by-partition.ts'
import type { KeyFlight } from './flight-of.ts'

/** A grant to replace holds nothing. */
export function leasesOf(flights: readonly KeyFlight[]): readonly LeaseHeld[] {
  const leases: LeaseHeld[] = []
  for (const { key, grant } of flights) {
    if (grant !== undefined && grant.replaces === undefined) {
      leases.push({ key, token: grant.token })
    }
  }
  return leases
}

/** Gives them back: the next reader need not wait. One that can't be given back expires. */
export async function releaseLeases(store: Store, flights: readonly KeyFlight[]): Promise<void> {
  for (const group of byPartition(flights)) {
    const [first] = group
    const leases = leasesOf(group)
    if (first === undefined || leases.length === 0) continue
    await store.release(first.partition, leases).catch(() => {})
  }
}
