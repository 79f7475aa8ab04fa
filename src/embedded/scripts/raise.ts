/** The clock of a partition moves on; see `redis/scripts/raise.ts`. */
import type { RaiseReply, RaiseRequest } from '../../core/contracts/store.ts'
import { forgottenMs, lookedAtMax, tagsMax } from '../../core/group-bounds.ts'
import { formatClock } from '../../core/slot.ts'
import type { Step } from '../partition.ts'
import { announce, digits, groupsOf, recreate } from '../rules.ts'

export function raise(step: Step, request: RaiseRequest, database: number): RaiseReply {
  const { newEpoch, tags } = request
  const groups = groupsOf(step) ?? recreate(step, newEpoch)
  const clock = Math.max(step.nowMicros, groups.clock + 1)
  const { record } = step.partition
  if (record instanceof Map) {
    if (record.size > tagsMax) forgetAll(record, groups.clock)
    else forgetOld(record, groups.floor, step.nowMicros)
    mark(record, ['#c', ...tags], clock)
    if (tags.length === 0) mark(record, ['#f'], clock)
  }
  const telling =
    tags.length === 0
      ? ({ kind: 'floor', clock } as const)
      : ({ kind: 'tags', clock, tags } as const)
  return { ...announce(step, request, { telling, database }), clock }
}

/** What was invalidated last stands last. */
function mark(record: Map<string, string>, fields: readonly string[], clock: number): void {
  for (const field of fields) {
    record.delete(field)
    record.set(field, formatClock(clock))
  }
}

function forgetAll(record: Map<string, string>, clock: number): void {
  for (const field of record.keys()) {
    if (!field.startsWith('#')) record.delete(field)
  }
  mark(record, ['#f'], clock)
}

function forgetOld(record: Map<string, string>, floor: number, nowMicros: number): void {
  let newest = floor
  let lookedAt = 0
  for (const [field, text] of record) {
    if (field.startsWith('#')) continue
    const raisedAt = digits(text)
    if (++lookedAt > lookedAtMax) break
    if (raisedAt === undefined || nowMicros - raisedAt <= forgottenMs * 1_000) continue
    record.delete(field)
    newest = Math.max(newest, raisedAt)
  }
  if (newest > floor) mark(record, ['#f'], newest)
}
