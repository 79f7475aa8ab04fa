/**
 * What the steps share, function by function the same as `redis/scripts/prelude.ts`.
 */
import type { Registered, Told, ToldReply } from '../core/contracts/store.ts'
import { formatMessage, type Message } from '../core/message.ts'
import {
  formatClock,
  formatFloor,
  formatQuarantine,
  type LeaseSlot,
  parseSlot,
  type QuarantineSlot,
  type QuarantineWriter,
  type Slot,
  type ValueSlot,
} from '../core/slot.ts'
import type { Step } from './partition.ts'

/** Damaged, or of another type than a text. */
export interface Foreign {
  readonly kind: 'foreign'
}
export type Met = Slot | Foreign

export interface Groups {
  readonly epoch: string
  readonly clock: number
  readonly floor: number
}

/** What a value or a lease is judged by. */
export interface Judge {
  readonly stamp: string
  readonly groups: Groups | undefined
}

/** What is in the slot now. */
export function meet(step: Step, key: string): Met | undefined {
  const cell = step.partition.slots.cell(key, step.nowMs)
  if (cell === undefined || cell.text === '') return undefined
  const slot = cell.text === undefined ? undefined : parseSlot(cell.text)
  if (slot === undefined) return { kind: 'foreign' }
  return slot.kind === 'quarantine' ? settle(step, key, slot) : slot
}

export function rewrite(step: Step, key: string, text: string): void {
  step.partition.slots.rewrite(key, text, step.nowMs)
}

export function put(
  step: Step,
  key: string,
  { text, lifeMs }: { text: string; lifeMs: number },
): void {
  step.partition.slots.put(key, text, { lifeMs, nowMs: step.nowMs })
}

export function drop(step: Step, key: string): void {
  step.partition.slots.drop(key)
}

export function ttlMs(step: Step, key: string): number {
  return step.partition.slots.ttlMs(key, step.nowMs)
}

/** The order below which nothing may be stored: a floor, also one under a lease. */
export function floorOf(slot: Met | undefined): string {
  if (slot?.kind === 'floor') return slot.order
  return slot?.kind === 'lease' ? slot.minimum : ''
}

export function higher(one: string, other: string): string {
  return one < other ? other : one
}

/** A writer is let into a quarantine, or runs on in it; a second one sets the flag. */
export function admit(slot: QuarantineSlot, writer: QuarantineWriter): QuarantineSlot {
  const held = slot.writers.find(({ token }) => token === writer.token)
  if (held === undefined) {
    const flagged = slot.flagged || slot.writers.length > 0
    return { ...slot, flagged, writers: [...slot.writers, writer] }
  }
  const latest = held.deadlineMs < writer.deadlineMs ? writer : held
  return { ...slot, writers: slot.writers.map((one) => (one === held ? latest : one)) }
}

/** A lease ends: the floor under it stays. */
export function giveBack(step: Step, key: string, slot: LeaseSlot): void {
  if (slot.minimum === '') drop(step, key)
  else rewrite(step, key, formatFloor({ stamp: slot.stamp, order: slot.minimum }))
}

/** Undefined where the record is lost, incomplete or not ours. */
export function groupsOf({ partition }: Step): Groups | undefined {
  const { record } = partition
  if (record === undefined || record === 'foreign') return undefined
  const epoch = record.get('#e')
  const clock = digits(record.get('#c'))
  const floor = digits(record.get('#f'))
  if (!epoch || clock === undefined || floor === undefined) return undefined
  return { epoch, clock, floor }
}

/** A new epoch voids everything older. What processes agreed on stays, and the last fence. */
export function recreate({ partition, nowMicros }: Step, epoch: string): Groups {
  const { record } = partition
  const found = record === 'foreign' ? undefined : record
  const clock = formatClock(nowMicros)
  const fields = new Map([
    ['#e', epoch],
    ['#c', clock],
    ['#f', clock],
  ])
  for (const field of ['#w', '#l']) {
    const kept = found?.get(field)
    if (kept !== undefined) fields.set(field, kept)
  }
  partition.record = fields
  return { epoch, clock: nowMicros, floor: nowMicros }
}

/** The newest clock of these tags; one that can't be read counts as newer than any. */
export function newestOf({ partition: { record } }: Step, tags: readonly string[]): number {
  if (record === undefined || record === 'foreign') return 0
  let newest = 0
  for (const tag of tags) {
    const text = record.get(tag)
    if (text !== undefined) newest = Math.max(newest, digits(text) ?? Number.POSITIVE_INFINITY)
  }
  return newest
}

export function isValid(step: Step, slot: ValueSlot, { stamp, groups }: Judge): boolean {
  if (groups === undefined || slot.stamp !== stamp || slot.epoch !== groups.epoch) return false
  if (slot.clock < groups.floor) return false
  if (step.nowMs < slot.bornMs || step.nowMs >= slot.bornMs + slot.lifeMs) return false
  return newestOf(step, slot.meta.tags) <= slot.clock
}

export function runs(step: Step, slot: LeaseSlot, { stamp, groups }: Judge): boolean {
  return slot.stamp === stamp && slot.epoch === groups?.epoch && slot.deadlineMs > step.nowMs
}

type Telling =
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  | { readonly kind: 'tags'; readonly clock: number; readonly tags: readonly string[] }
  | { readonly kind: 'floor'; readonly clock: number }
  | { readonly kind: 'set'; readonly key: string; readonly order: string }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'active'; readonly keys: readonly string[] }

/** Counts the message where there is an epoch to count in, and hands it out. */
export function announce(
  step: Step,
  { origin, reason, barrier }: Told,
  { telling, database }: { telling: Telling; database: number },
): ToldReply {
  const { epoch, seq } = count(step)
  const head = { epoch, seq, origin, reason, serverMicros: step.nowMicros, barrier }
  const message: Message =
    telling.kind === 'tags' || telling.kind === 'floor'
      ? { ...head, ...telling, epoch: epoch ?? '' }
      : { ...head, ...telling }
  const registered = barrier === undefined ? undefined : registeredAt(step)
  return { epoch, seq, receivers: step.publish(formatMessage(message, database)), registered }
}

function registeredAt({ partition: { registry }, nowMs }: Step): Registered {
  if (registry.birth === undefined) return { birth: '', members: [] }
  const living = [...registry.members].filter(([, { untilMs }]) => untilMs >= nowMs)
  // Who has expired may live all the same, if the clock has stepped.
  const birth = living.length < registry.members.size ? '' : registry.birth
  // In the order of a sorted set.
  living.sort(([name, a], [other, b]) => a.untilMs - b.untilMs || (name < other ? -1 : 1))
  return { birth, members: living.map(([, { member }]) => member) }
}

function count({ partition: { record } }: Step): Pick<ToldReply, 'epoch' | 'seq'> {
  const epoch = record === 'foreign' ? undefined : record?.get('#e')
  if (!epoch || record === 'foreign') return { epoch: undefined, seq: undefined }
  const held = record?.get('#s')
  const counted = held === undefined ? 0 : digits(held)
  if (counted === undefined) return { epoch, seq: undefined }
  record?.set('#s', String(counted + 1))
  return { epoch, seq: counted + 1 }
}

/**
 * A quarantine loses the writers past their deadline, which sets its flag. Without
 * writers it is the floor that it met, or nothing.
 */
function settle(step: Step, key: string, slot: QuarantineSlot): Slot | undefined {
  const writers = slot.writers.filter((writer) => writer.deadlineMs > step.nowMs)
  if (writers.length === slot.writers.length) return slot
  if (writers.length > 0) {
    const settled: QuarantineSlot = { ...slot, flagged: true, writers }
    rewrite(step, key, formatQuarantine(settled))
    return settled
  }
  const { stamp, order } = slot
  if (order === '') drop(step, key)
  else rewrite(step, key, formatFloor({ stamp, order }))
  return order === '' ? undefined : { kind: 'floor', stamp, order }
}

export function digits(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined
}
