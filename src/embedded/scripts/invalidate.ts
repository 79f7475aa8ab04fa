/** Values and leases go, floors and quarantines stay; see `redis/scripts/invalidate.ts`. */
import type { InvalidateAsk, InvalidateRequest, ToldReply } from '../../core/contracts/store.ts'
import { formatFloor, formatQuarantine, type QuarantineSlot } from '../../core/slot.ts'
import type { Step } from '../partition.ts'
import {
  admit,
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
): ToldReply {
  const judge = { stamp, groups: groupsOf(step) }
  for (const ask of request.asks) {
    const slot = meet(step, ask.key)
    const left =
      slot?.kind === 'quarantine' ? withoutReleased(slot, ask) : leftOf(step, slot, { ask, judge })
    if (left !== undefined) leave(step, slot, { ask, left })
  }
  const telling = { kind: 'keys', keys: request.asks.map((ask) => ask.key) } as const
  return announce(step, request, { telling, database })
}

/** Own writers go. Who has none here is a stranger to the others, who are shown that. */
function withoutReleased(slot: QuarantineSlot, ask: InvalidateAsk): QuarantineSlot {
  const writers = slot.writers.filter(({ token }) => !ask.tokens.includes(token))
  const flagged = slot.flagged || writers.length === slot.writers.length
  return { ...slot, flagged, order: higher(slot.order, ask.order), writers }
}

/** A quarantine that is still empty; undefined: a value that stays. */
function leftOf(
  step: Step,
  slot: Met | undefined,
  { ask, judge }: { ask: InvalidateAsk; judge: Judge },
): QuarantineSlot | undefined {
  let order = higher(floorOf(slot), ask.order)
  if (slot?.kind === 'value') {
    if (ask.order !== '' && slot.order >= ask.order && isValid(step, slot, judge)) return undefined
    if (ask.keepsOrder) order = higher(slot.order, order)
  }
  return { kind: 'quarantine', stamp: judge.stamp, flagged: false, order, writers: [] }
}

interface Leaving {
  readonly ask: InvalidateAsk
  readonly left: QuarantineSlot
}

/** A quarantine without writers is the floor that it holds, or nothing. */
function leave(step: Step, slot: Met | undefined, { ask, left }: Leaving): void {
  const { settle } = ask
  const settled =
    settle === undefined
      ? left
      : admit(left, { token: settle.token, deadlineMs: Math.floor(step.nowMs + settle.ms) })
  if (settled.writers.length > 0) keep(step, slot, { ask, left, text: formatQuarantine(settled) })
  else if (left.order !== '') keep(step, slot, { ask, left, text: formatFloor(left) })
  else drop(step, ask.key)
}

/** An order is kept for the longer of its old and its new time, as is a quarantine. */
function keep(
  step: Step,
  slot: Met | undefined,
  { ask, left, text }: Leaving & { text: string },
): void {
  const { key, order, keepsOrder, settle, floorMs } = ask
  const isHeld = floorOf(slot) !== '' || slot?.kind === 'quarantine'
  const hasFloor = left.order !== '' && (order !== '' || keepsOrder)
  if (isHeld && !hasFloor && settle === undefined) {
    rewrite(step, key, text)
    return
  }
  const heldMs = isHeld ? ttlMs(step, key) : 0
  put(step, key, { text, lifeMs: Math.max(heldMs, hasFloor ? floorMs : 0, settle?.ms ?? 0) })
}
