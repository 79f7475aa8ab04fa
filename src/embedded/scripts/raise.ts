/**
 * The clock of a partition moves on; see `redis/scripts/raise.ts`. Only here tags have a
 * bound: where Redis would evict the whole record, the clocks of tags are forgotten and the
 * floor takes their place (PROTOCOL 2, pruning).
 */
import type { RaiseReply, RaiseRequest } from '../../core/contracts/store.ts'
import { formatClock } from '../../core/slot.ts'
import type { Step } from '../partition.ts'
import { announce, groupsOf, recreate } from '../rules.ts'

export const tagsMax = 100_000

export function raise(step: Step, request: RaiseRequest, database: number): RaiseReply {
  const { newEpoch, tags } = request
  const groups = groupsOf(step) ?? recreate(step, newEpoch)
  const clock = Math.max(step.nowMicros, groups.clock + 1)
  forgetMany(step, groups.clock)
  mark(step, ['#c', ...tags], clock)
  if (tags.length === 0) mark(step, ['#f'], clock)
  const telling =
    tags.length === 0
      ? ({ kind: 'floor', clock } as const)
      : ({ kind: 'tags', clock, tags } as const)
  return { ...announce(step, request, { telling, database }), clock }
}

function mark({ partition: { record } }: Step, fields: readonly string[], clock: number): void {
  if (record === undefined || record === 'foreign') return
  for (const field of fields) record.set(field, formatClock(clock))
}

function forgetMany(step: Step, clock: number): void {
  const { record } = step.partition
  if (record === undefined || record === 'foreign' || record.size <= tagsMax) return
  for (const field of record.keys()) {
    if (!field.startsWith('#')) record.delete(field)
  }
  mark(step, ['#f'], clock)
}
