/** Leases run on; see `redis/scripts/renew.ts`. */
import type { LeaseHeld } from '../../core/contracts/store.ts'
import { formatLease } from '../../core/slot.ts'
import type { Step } from '../partition.ts'
import { meet, put, ttlMs } from '../rules.ts'

export function renew(step: Step, held: readonly LeaseHeld[], leaseMs: number): boolean[] {
  return held.map(({ key, token }) => {
    const slot = meet(step, key)
    if (slot?.kind !== 'lease' || slot.token !== token) return false
    if (slot.deadlineMs <= step.nowMs) return false
    const lifeMs = slot.minimum === '' ? leaseMs : Math.max(leaseMs, ttlMs(step, key))
    const text = formatLease({ ...slot, deadlineMs: step.nowMs + leaseMs })
    put(step, key, { text, lifeMs })
    return true
  })
}
