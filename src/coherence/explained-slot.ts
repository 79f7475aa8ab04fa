/** A slot in the words of `explain`. */
import type { RedisExplanation, SlotExplanation, ValueExplanation } from '../core/explanation.ts'
import type { Slot, ValueSlot } from '../core/slot.ts'
import { decodeTag } from '../core/tag.ts'
import type { Surroundings } from './validity.ts'
import { voidReasons } from './void-reasons.ts'

/** A slot as it stood, with what it is judged by. */
export interface Inspected {
  readonly slot: Slot | 'absent' | 'damaged'
  readonly around: Surroundings
}

export function explainedSlot({ slot, around }: Inspected): RedisExplanation {
  const { epoch, floor } = around
  return { isRead: true, epoch, floor, slot: wordsOf({ slot, around }) }
}

function wordsOf({ slot, around }: Inspected): SlotExplanation {
  if (typeof slot === 'string') return { kind: slot }
  const { serverMs } = around
  switch (slot.kind) {
    case 'value':
      return valueInWords(slot, around)
    case 'lease': {
      const { schema, minimum, deadlineMs, stamp, epoch } = slot
      const isStampCurrent = stamp === around.stamp && epoch === around.epoch
      return { kind: 'lease', schema, minimum, leftMs: deadlineMs - serverMs, isStampCurrent }
    }
    case 'quarantine': {
      const deadlines = slot.writers.map(({ deadlineMs }) => deadlineMs)
      const leftMs = Math.max(...deadlines, serverMs) - serverMs
      return { kind: 'quarantine', writers: slot.writers.length, leftMs }
    }
    case 'floor':
      return { kind: 'floor', order: slot.order }
    case 'unknownWire':
      return { kind: 'unknownWire' }
  }
}

function valueInWords(slot: ValueSlot, around: Inspected['around']): ValueExplanation {
  const { fid, order, schema, bornMs, softMs, lifeMs, clock, epoch, stamp, meta } = slot
  const ageMs = around.serverMs - bornMs
  const voidBecause = voidReasons(slot, around)
  const tags = meta.tags.map((tag) => {
    const invalidated = around.tagClock(tag) ?? 0
    return { tag: decodeTag(tag), clock: invalidated, isNewer: invalidated > clock }
  })
  return {
    kind: 'value',
    ...{ fid, order, schema, declaredSchema: around.schema },
    ...{ ageMs, softLeftMs: softMs - ageMs, lifeLeftMs: lifeMs - ageMs, loadMs: meta.loadMs },
    ...{ codec: meta.codec, isAbsent: meta.absent, clock, epoch, stamp, tags },
    ...{ isValid: voidBecause.length === 0, voidBecause },
  }
}
