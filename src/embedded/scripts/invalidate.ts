/** Values and leases go, floors and quarantines stay; see `redis/scripts/invalidate.ts`. */
import type {
  InvalidateAsk,
  InvalidateReply,
  InvalidateRequest,
} from '../../core/contracts/store.ts'
import { formatFloor, formatQuarantine, type QuarantineSlot } from '../../core/slot.ts'
import type { Step } from '../partition.ts'
import {
  announce,
  drop,
  floorOf,
  groupsOf,
  higher,
  isValid,
  type Judge,
  type Met,
  meet,
  put,
  rewrite,
  ttlMs,
} from '../rules.ts'

export interface InvalidateContext {
  /** A value of another incarnation is never kept. */
  readonly stamp: string
  readonly database: number
}

export function invalidate(
  step: Step,
  request: InvalidateRequest,
  { stamp, database }: InvalidateContext,
): InvalidateReply {
  const judge = { stamp, groups: groupsOf(step) }
  for (const ask of request.asks) invalidateSlot(step, ask, judge)
  const telling = { kind: 'keys', keys: request.asks.map((ask) => ask.key) } as const
  return announce(step, request, { telling, database })
}

function invalidateSlot(step: Step, ask: InvalidateAsk, judge: Judge): void {
  const slot = meet(step, ask.key)
  if (slot?.kind === 'quarantine') quarantined(step, slot, ask)
  else remove(step, slot, { ask, judge })
}

function remove(
  step: Step,
  slot: Met | undefined,
  { ask, judge }: { ask: InvalidateAsk; judge: Judge },
): void {
  let order = higher(floorOf(slot), ask.order)
  if (slot?.kind === 'value') {
    if (ask.order !== '' && slot.order >= ask.order && isValid(step, slot, judge)) return
    if (ask.keepsOrder) order = higher(slot.order, order)
  }
  if (order === '') drop(step, ask.key)
  else keep(step, slot, { ask, text: formatFloor({ stamp: judge.stamp, order }) })
}

function quarantined(step: Step, slot: QuarantineSlot, ask: InvalidateAsk): void {
  const order = higher(slot.order, ask.order)
  const text = formatQuarantine({ ...slot, flagged: true, order })
  if (order === '') rewrite(step, ask.key, text)
  else keep(step, slot, { ask, text })
}

/** An order is kept for the longer of its old and its new time. */
function keep(
  step: Step,
  slot: Met | undefined,
  { ask, text }: { ask: InvalidateAsk; text: string },
): void {
  const { key, order, keepsOrder, floorMs } = ask
  const isHeld = floorOf(slot) !== '' || slot?.kind === 'quarantine'
  const lifeMs = isHeld ? Math.max(ttlMs(step, key), floorMs) : floorMs
  if (order === '' && !keepsOrder) rewrite(step, key, text)
  else put(step, key, { text, lifeMs })
}
