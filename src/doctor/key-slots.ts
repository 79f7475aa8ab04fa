/** Sampled keys by the hash slot of a cluster that they are in. */
import { hashSlotOf } from '../core/partition-tag.ts'
import type { SampledKey } from './key-sample.ts'

export function keysBySlot(
  keys: readonly SampledKey[],
): ReadonlyMap<number, readonly SampledKey[]> {
  const slots = new Map<number, SampledKey[]>()
  for (const key of keys) {
    // A name that was cut tells no slot.
    if (key.nameBytes > Buffer.byteLength(key.name)) continue
    const slot = hashSlotOf(/\{([^}]+)\}/.exec(key.name)?.[1] ?? key.name)
    const known = slots.get(slot)
    if (known) known.push(key)
    else slots.set(slot, [key])
  }
  return slots
}
