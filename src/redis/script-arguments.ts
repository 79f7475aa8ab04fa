/** What scripts are given; each has a file of its name in `scripts`. */
import type {
  Announcement,
  Fill,
  FillRequest,
  InvalidateAsk,
  LeaseAsk,
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
  const keys = [meta]
  const stagedKeys: string[] = []
  const staging: Command[] = []
  const args: Argument[] = [stamp, epoch, clock, fills.length]
  const runs = new Runs<Fill>(args, isFilledAlike)
  for (const fill of fills) {
    const { expected, order, lifeMs, bornMs, elapsedMs, text, tags } = fill
    if (runs.begins(fill)) args.push(order, bornMs, elapsedMs, tags.length, ...tags)
    const fid = text.length < STAGED_CHARS_MIN ? undefined : fidOf(text)
    keys.push(slot + fill.key)
    if (fid !== undefined) {
      stagedKeys.push(stage + fid)
      staging.push(['SET', stage + fid, slotBytes(text), 'PX', STAGED_MS])
    }
    args.push(expected, lifeMs, fid === undefined ? slotBytes(text) : '')
  }
  return { staging, keys: stagedKeys.length === 0 ? keys : keys.concat(stagedKeys), args }
}

/** Behind stamp, new epoch and leaseMs. */
export function leaseArguments(asks: readonly LeaseAsk[]): Argument[] {
  const args: Argument[] = []
  const runs = new Runs<LeaseAsk>(args, isAskedAlike)
  for (const ask of asks) {
    if (runs.begins(ask)) args.push(ask.schema, ask.voidFid ?? '')
    args.push(ask.token)
  }
  return args
}

/** What several slots in a row have in common stands once, behind how many they are. */
class Runs<T> {
  readonly #args: Argument[]
  readonly #isAlike: (one: T, other: T) => boolean
  #first: T | undefined
  #countAt = 0
  #count = 0

  constructor(args: Argument[], isAlike: (one: T, other: T) => boolean) {
    this.#args = args
    this.#isAlike = isAlike
  }

  /** Counts it. True: a run begins with it, whose number has been put among the arguments. */
  begins(one: T): boolean {
    const isNew = this.#first === undefined || !this.#isAlike(this.#first, one)
    if (isNew) {
      this.#first = one
      this.#countAt = this.#args.length
      this.#count = 0
    }
    this.#args[this.#countAt] = ++this.#count
    return isNew
  }
}

function isFilledAlike(one: Fill, other: Fill): boolean {
  return (
    one.order === other.order &&
    one.bornMs === other.bornMs &&
    one.elapsedMs === other.elapsedMs &&
    areSameTags(one.tags, other.tags)
  )
}

function areSameTags(some: readonly string[], others: readonly string[]): boolean {
  if (some === others) return true
  return some.length === others.length && some.every((tag, at) => tag === others[at])
}

function isAskedAlike(one: LeaseAsk, other: LeaseAsk): boolean {
  return one.schema === other.schema && one.voidFid === other.voidFid
}

/** For `ANNOUNCE` of `scripts/prelude.ts`: who says what, and who waits for it to be applied. */
export function announcement(
  { database, publish }: { readonly database: number; readonly publish: string },
  { channel }: PartitionNames,
  { origin, reason, barrier }: Announcement & Partial<Pick<Told, 'barrier'>>,
  body: string,
): Argument[] {
  const who = encodeNote(origin)
  const waiting = barrier === undefined ? '' : formatBarrier(barrier)
  return [database, publish, channel, who, encodeNote(reason), waiting, body]
}

/** Behind the announcement; see `scripts/set.ts`. */
export function setArguments(request: SetRequest): Argument[] {
  const { stamp, newEpoch, fid, order, schema, lifeMs, tail, mayFillEmpty, tags } = request
  const value = [fid, order, schema, lifeMs, slotBytes(tail), mayFillEmpty ? 1 : 0]
  return [stamp, newEpoch, ...value, ...tags]
}

/** Behind the stamp; see `scripts/invalidate.ts`. */
export function invalidateArguments(asks: readonly InvalidateAsk[]): Argument[] {
  for (const ask of asks) if (!isPlain(ask)) return asks.flatMap(slotArguments)
  return []
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
