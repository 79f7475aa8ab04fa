/**
 * What the scripts answered, read into the types of the store contract. A reply of
 * another shape means that something else answered: a fault, never a guess.
 */
import {
  type BeatReply,
  type Counted,
  type FillVerdict,
  type LeaseReply,
  type LeaseVerdict,
  type LockReply,
  type Member,
  type RaiseReply,
  type ReadQuery,
  type ReadReply,
  type Registered,
  type SetReply,
  StoreFault,
  type ToldReply,
} from '../core/contracts/store.ts'
import { stampOf } from '../core/stamp.ts'
import type { TakeReply } from '../core/token-bucket.ts'

const FILL_VERDICTS: readonly FillVerdict[] = ['stored', 'gone', 'group', 'older', 'late']
const LEASE_WORDS = ['busy', 'otherVersion', 'quarantined', 'unknownWire'] as const
const REPLACED = ['nothing', 'void', 'foreign'] as const
const PLAINLY_GRANTED: LeaseVerdict = { kind: 'granted', minimum: '', replaced: 'nothing' }
const SET_WORDS = ['stored', 'older', 'notHeld', 'quarantined'] as const

/** Replies of MGET, one GETRANGE for each head, HMGET `#e #f` and tags, TIME. */
export function readReply(query: ReadQuery, replies: readonly unknown[]): ReadReply {
  // By index: this is on the way of every hit in Redis.
  let next = 0
  const slots = query.keys.length === 0 ? [] : listOf(replies[next++])
  const heads = query.heads.map(() => headOf(replies[next++]))
  const record = replies[next++]
  const fields = record instanceof Error && isWrongType(record) ? [] : listOf(record)
  const epoch = optionalText(fields[0])
  const floor = wholeOf(optionalText(fields[1]))
  return {
    slots: slots.map(optionalText),
    heads,
    epoch: floor === undefined || epoch === '' ? undefined : epoch,
    floor: floor ?? 0,
    tagClocks: query.tags.map((_, at) => clockOf(optionalText(fields[at + 2]))),
    serverMs: serverMsOf(replies[next]),
  }
}

export function leaseReply(reply: unknown): LeaseReply {
  const [epoch, clock, micros, ...verdicts] = listOf(reply)
  return {
    epoch: textOf(epoch),
    clock: numberOf(clock),
    serverMs: numberOf(micros) / 1000,
    verdicts: verdicts.map(leaseVerdict),
  }
}

export function fillReply(reply: unknown): FillVerdict[] {
  return listOf(reply).map((verdict) => oneOf(FILL_VERDICTS, verdict))
}

export function renewReply(reply: unknown): boolean[] {
  return listOf(reply).map((renewed) => numberOf(renewed) === 1)
}

export function setReply(reply: unknown): SetReply {
  const [why, epoch, seq] = listOf(reply)
  return { why: oneOf(SET_WORDS, why), counted: countedOf(epoch, seq) }
}

/** Of scripts that announce. */
export function toldReply(reply: unknown): ToldReply {
  const [epoch, seq, receivers, registered] = listOf(reply)
  const told = { ...countedOf(epoch, seq), receivers: numberOf(receivers) }
  return { ...told, registered: registeredOf(registered) }
}

export function raiseReply(reply: unknown): RaiseReply {
  const [epoch, seq, receivers, clock, registered] = listOf(reply)
  return { ...toldReply([epoch, seq, receivers, registered]), clock: numberOf(clock) }
}

export function lockReply(reply: unknown): LockReply {
  const [kind, told] = listOf(reply)
  if (kind === 'granted') return { kind, fence: numberOf(told) }
  return { kind: oneOf(['taken'], kind), leftMs: numberOf(told) }
}

export function unlockReply(reply: unknown): boolean {
  return numberOf(reply) === 1
}

export function takeReply(reply: unknown): TakeReply[] {
  return listOf(reply).map((taken) => {
    const [kind, ms, left] = listOf(taken)
    const remaining = numberOf(left)
    if (kind === 'granted') return { kind, waitMs: numberOf(ms), remaining }
    return { kind: oneOf(['refused'], kind), retryAfterMs: numberOf(ms), remaining }
  })
}

export function scanReply(reply: unknown): { cursor: string; names: readonly string[] } {
  const [cursor, names] = listOf(reply)
  return { cursor: textOf(cursor), names: listOf(names).map(textOf) }
}

export function countReply(reply: unknown): number {
  return numberOf(reply)
}

export function beatReply(reply: unknown): BeatReply {
  const [runIdReply, replId, epoch, seq, settings, birth, micros] = listOf(reply)
  const runId = textOf(runIdReply)
  return {
    runId,
    stamp: stampOf(runId, textOf(replId)),
    ...countedOf(epoch, seq),
    settings: textOf(settings),
    birth: textOf(birth),
    serverMs: numberOf(micros) / 1000,
  }
}

/** A plain error reply becomes a fault; anything that is a fault already stays. */
export function faultOf(error: unknown): StoreFault {
  if (error instanceof StoreFault) return error
  return new StoreFault('refused', error instanceof Error ? error.message : String(error), error)
}

function leaseVerdict(reply: unknown): LeaseVerdict {
  if (reply === 'granted') return PLAINLY_GRANTED
  if (!Array.isArray(reply)) return { kind: oneOf(LEASE_WORDS, reply) }
  const [kind, told, replaced]: readonly unknown[] = reply
  if (kind === 'value') return { kind, text: textOf(told) }
  if (kind === 'granted') {
    return { kind, minimum: textOf(told), replaced: oneOf(REPLACED, replaced) }
  }
  throw unexpected('a verdict on a lease', reply)
}

/** GETRANGE answers an absent key with an empty text. */
function headOf(reply: unknown): string | undefined {
  if (reply instanceof Error && isWrongType(reply)) return undefined
  return optionalText(reply) || undefined
}

function countedOf(epochReply: unknown, seqReply: unknown): Counted {
  const epoch = textOf(epochReply)
  return { epoch: epoch === '' ? undefined : epoch, seq: wholeOf(textOf(seqReply)) }
}

/** Left out where nobody waits. */
function registeredOf(reply: unknown): Registered | undefined {
  if (reply === undefined) return undefined
  const [birth, ...members] = listOf(reply)
  return { birth: textOf(birth), members: members.map(memberOf) }
}

/** `trustMs|process` */
function memberOf(reply: unknown): Member {
  const [, trustMs, process] = /^([0-9.]+)\|(.+)$/.exec(textOf(reply)) ?? []
  if (process === undefined) throw unexpected('a member of the registry', reply)
  return { process, trustMs: Number(trustMs) }
}

function serverMsOf(time: unknown): number {
  const [seconds, micros] = listOf(time)
  return (numberOf(seconds) * 1_000_000 + numberOf(micros)) / 1000
}

/** A clock that can't be read counts as newer than any. */
function clockOf(text: string | undefined): number {
  return text === undefined ? 0 : (wholeOf(text) ?? Number.POSITIVE_INFINITY)
}

function isWrongType(error: Error): boolean {
  return error.message.startsWith('WRONGTYPE')
}

function listOf(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply
  throw unexpected('a list', reply)
}

function optionalText(reply: unknown): string | undefined {
  return reply === null || reply === undefined ? undefined : textOf(reply)
}

function textOf(reply: unknown): string {
  if (typeof reply === 'string') return reply
  throw unexpected('a text', reply)
}

function numberOf(reply: unknown): number {
  const found = typeof reply === 'number' ? reply : wholeOf(textOf(reply))
  if (found === undefined) throw unexpected('a number', reply)
  return found
}

function wholeOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined
}

function oneOf<T extends string>(words: readonly T[], reply: unknown): T {
  const found = words.find((word) => word === reply)
  if (found === undefined) throw unexpected(words.join(' or '), reply)
  return found
}

function unexpected(expected: string, reply: unknown): StoreFault {
  if (reply instanceof Error) return faultOf(reply)
  return new StoreFault('refused', `expected ${expected} from the server, got ${typeof reply}`)
}
