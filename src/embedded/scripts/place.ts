/** Slots are quarantined before a write; see `redis/scripts/place.ts`. */
import type { PlaceAsk, PlaceRequest, ToldReply } from '../../core/contracts/store.ts'
import { formatQuarantine, type QuarantineSlot } from '../../core/slot.ts'
import type { Step } from '../partition.ts'
import { admit, announce, floorOf, meet, put, ttlMs } from '../rules.ts'

export function place(step: Step, request: PlaceRequest, database: number): ToldReply {
  for (const ask of request.asks) placeOne(step, ask, request)
  const telling = { kind: 'keys', keys: request.asks.map((ask) => ask.key) } as const
  return announce(step, { ...request, barrier: undefined }, { telling, database })
}

function placeOne(
  step: Step,
  { key, token }: PlaceAsk,
  { stamp, quarantineMs }: PlaceRequest,
): void {
  const slot = meet(step, key)
  const found: QuarantineSlot =
    slot?.kind === 'quarantine'
      ? slot
      : { kind: 'quarantine', stamp, flagged: false, order: floorOf(slot), writers: [] }
  const isHeld = found === slot || found.order !== ''
  const lifeMs = Math.max(isHeld ? ttlMs(step, key) : 0, quarantineMs)
  const deadlineMs = Math.floor(step.nowMs + quarantineMs)
  put(step, key, { text: formatQuarantine(admit(found, { token, deadlineMs })), lifeMs })
}
