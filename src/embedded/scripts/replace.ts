/** Stores values over the ones that were seen; see `redis/scripts/replace.ts`. */
import type { FillRequest, FillVerdict } from '../../core/contracts/store.ts'
import type { ValueSlot } from '../../core/slot.ts'
import type { Step } from '../partition.ts'
import { store } from './storing.ts'

export function replace(step: Step, request: FillRequest): FillVerdict[] {
  const { stamp, epoch } = request
  return store<ValueSlot>(step, request, {
    expected(slot, { expected }) {
      if (slot?.kind !== 'value' || slot.fid !== expected) return undefined
      return slot.stamp === stamp && slot.epoch === epoch ? slot : undefined
    },
    minimum: (found) => found.order,
    refused: () => {},
  })
}
