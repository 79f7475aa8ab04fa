/** Slots and the clocks of groups at one instant; on Redis native commands in one pipeline. */
import type { ReadQuery, ReadReply } from '../../core/contracts/store.ts'
import { headBytesMax } from '../../core/slot.ts'
import type { Step } from '../partition.ts'
import { newestOf } from '../rules.ts'

export function read(step: Step, { keys, heads, tags }: ReadQuery): ReadReply {
  const { partition, nowMs } = step
  const textOf = (key: string) => partition.slots.cell(key, nowMs)?.text
  const record = partition.record === 'foreign' ? undefined : partition.record
  const floor = record?.get('#f') ?? ''
  const isWhole = /^\d{1,16}$/.test(floor)
  return {
    slots: keys.map(textOf),
    heads: heads.map((key) => textOf(key)?.slice(0, headBytesMax) || undefined),
    epoch: isWhole ? record?.get('#e') || undefined : undefined,
    floor: isWhole ? Number(floor) : 0,
    tagClocks: tags.map((tag) => newestOf(step, [tag])),
    serverMs: nowMs,
  }
}
