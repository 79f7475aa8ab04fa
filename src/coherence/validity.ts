/**
 * May this value from a slot be served? (PROTOCOL 2, "Valid V".) Clocks are compared
 * only inside one partition, incarnation and epoch; whatever can't be proven is void.
 */
import type { ValueSlot } from '../core/slot.ts'

export interface Surroundings {
  /** The incarnation that the connection has proven. */
  readonly stamp: string
  /** Undefined: the record of groups is lost. */
  readonly epoch: string | undefined
  readonly floor: number
  /** Undefined: the clock of this tag was not asked for. */
  tagClock(tag: string): number | undefined
  readonly schema: string
  readonly serverMs: number
}

export type Judgement = 'valid' | 'void' | 'otherVersion' | 'tagsUnknown'

export function judgeValue(slot: ValueSlot, around: Surroundings): Judgement {
  if (slot.stamp !== around.stamp || slot.epoch !== around.epoch) return 'void'
  if (slot.clock < around.floor) return 'void'
  // Birth in the future: the server's clock stepped back, so ages mean nothing.
  if (around.serverMs < Math.floor(slot.bornMs)) return 'void'
  if (around.serverMs >= slot.bornMs + slot.lifeMs) return 'void'
  if (slot.schema !== around.schema) return 'otherVersion'
  let unknown = false
  for (const tag of slot.meta.tags) {
    const clock = around.tagClock(tag)
    if (clock === undefined) unknown = true
    else if (clock > slot.clock) return 'void'
  }
  return unknown ? 'tagsUnknown' : 'valid'
}
