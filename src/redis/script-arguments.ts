/** What scripts are given; each has a file of its name in `scripts`. */
import type {
  Announcement,
  FillRequest,
  InvalidateAsk,
  SetRequest,
  TakeAsk,
  Told,
} from '../core/contracts/store.ts'
import { formatBarrier } from '../core/message.ts'
import { encodeNote } from '../core/note.ts'
import { parseHead } from '../core/slot.ts'
import type { PartitionNames } from '../core/slot-names.ts'
import type { Argument } from './commander.ts'
import type { Command, Running } from './run-script.ts'
import { slotBytes } from './slot-bytes.ts'

/** Longer texts are staged natively and renamed by the script: Lua copies its arguments. */
const STAGED_CHARS_MIN = 16_384
/** A staged text that no script came for is gone after this. */
const STAGED_MS = 5000

export interface FillArguments extends Omit<Running, 'script'> {
  /** Commands in front of the script. */
  readonly staging: readonly Command[]
}

export function fillArguments(
  { slot, meta, stage }: PartitionNames,
  { stamp, epoch, clock, fills }: FillRequest,
): FillArguments {
  const keys = [meta, ...fills.map((fill) => slot + fill.key)]
  const args: Argument[] = [stamp, epoch, clock, fills.length]
  const staging: Command[] = []
  for (const { expected, order, lifeMs, bornMs, elapsedMs, text, tags } of fills) {
    const fid = text.length < STAGED_CHARS_MIN ? undefined : fidOf(text)
    if (fid !== undefined) {
      keys.push(stage + fid)
      staging.push(['SET', stage + fid, slotBytes(text), 'PX', STAGED_MS])
    }
    const given = fid === undefined ? slotBytes(text) : ''
    args.push(expected, order, lifeMs, bornMs, elapsedMs, given, tags.length, ...tags)
  }
  return { staging, keys, args }
}

/** Who says what, and who waits for it to be applied. */
export type Saying = Announcement & Partial<Pick<Told, 'barrier'>>

/** For `ANNOUNCE` of `scripts/prelude.ts`. */
export function announcementArguments(
  place: { readonly database: number; readonly publish: string; readonly channel: string },
  { origin, reason, barrier }: Saying,
  body: string,
): (string | number)[] {
  const { database, publish, channel } = place
  const who = encodeNote(origin)
  return [database, publish, channel, who, encodeNote(reason), formatBarrier(barrier), body]
}

/** Behind the announcement; see `scripts/set.ts`. */
export function setArguments(request: SetRequest): Argument[] {
  const { stamp, newEpoch, fid, order, schema, lifeMs, tail, mayFillEmpty, tags } = request
  const value = [fid, order, schema, lifeMs, slotBytes(tail), mayFillEmpty ? 1 : 0]
  return [stamp, newEpoch, ...value, ...tags]
}

/** Behind the stamp; see `scripts/invalidate.ts`. */
export function invalidateArguments(asks: readonly InvalidateAsk[]): Argument[] {
  return asks.every(isPlain) ? [] : asks.flatMap(slotArguments)
}

function slotArguments(ask: InvalidateAsk): Argument[] {
  if (isPlain(ask)) return ['plain']
  const { order, keepsOrder, floorMs, settle, tokens } = ask
  const settling = [settle?.token ?? '', settle?.ms ?? 0]
  return [order, keepsOrder ? 1 : 0, floorMs, ...settling, tokens.length, ...tokens]
}

function isPlain({ order, keepsOrder, settle, tokens }: InvalidateAsk): boolean {
  return order === '' && !keepsOrder && settle === undefined && tokens.length === 0
}

/** A text without one can't be read back, and is not worth staging. */
function fidOf(text: string): string | undefined {
  const slot = parseHead(text)
  return slot?.kind === 'value' ? slot.fid : undefined
}

/** Of one ask. */
export function takeArguments(ask: TakeAsk): number[] {
  return [ask.intervalMicros, ask.capacityMicros, ask.waitMicros, ask.count]
}
