/**
 * Why a value in a slot is not served, all reasons at once, for people. It says of exactly
 * those values that they are valid of which `judgeValue` does, which is on the path of reads
 * and stops at the first.
 */
import type { VoidReason } from '../core/explanation.ts'
import type { ValueSlot } from '../core/slot.ts'
import type { Surroundings } from './validity.ts'

/** Empty: it is valid. Tags that were not asked for count as never invalidated. */
export function voidReasons(slot: ValueSlot, around: Surroundings): readonly VoidReason[] {
  const { serverMs } = around
  const isTagNewer = slot.meta.tags.some((tag) => (around.tagClock(tag) ?? 0) > slot.clock)
  const reasons: readonly (readonly [VoidReason, boolean])[] = [
    ['otherIncarnation', slot.stamp !== around.stamp],
    ['otherEpoch', slot.epoch !== around.epoch],
    ['belowFloor', slot.clock < around.floor],
    ['bornInFuture', serverMs < Math.floor(slot.bornMs)],
    ['lifeOver', serverMs >= slot.bornMs + slot.lifeMs],
    ['otherVersion', slot.schema !== around.schema],
    ['tagInvalidated', isTagNewer],
  ]
  return reasons.flatMap(([reason, isSo]) => (isSo ? [reason] : []))
}
