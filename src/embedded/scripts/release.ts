/** Leases are given back; see `redis/scripts/release.ts`. */
import type { LeaseHeld } from '../../core/contracts/store.ts'
import type { Step } from '../partition.ts'
import { giveBack, meet } from '../rules.ts'

export function release(step: Step, held: readonly LeaseHeld[]): void {
  for (const { key, token } of held) {
    const slot = meet(step, key)
    if (slot?.kind === 'lease' && slot.token === token) giveBack(step, key, slot)
  }
}
