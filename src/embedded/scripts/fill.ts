/** Stores values under their leases; see `redis/scripts/fill.ts`. */
import type { FillRequest, FillVerdict } from '../../core/contracts/store.ts'
import type { LeaseSlot } from '../../core/slot.ts'
import type { Step } from '../partition.ts'
import { giveBack } from '../rules.ts'
import { store } from './storing.ts'

export function fill(step: Step, request: FillRequest): FillVerdict[] {
  const { stamp, epoch } = request
  return store<LeaseSlot>(step, request, {
    expected(slot, { expected }) {
      if (slot?.kind !== 'lease' || slot.token !== expected) return undefined
      if (slot.stamp !== stamp || slot.epoch !== epoch) return undefined
      return slot.deadlineMs > step.nowMs ? slot : undefined
    },
    minimum: (found) => found.minimum,
    refused: (key, found) => giveBack(step, key, found),
  })
}
