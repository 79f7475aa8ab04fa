/** An explanation in sentences first, then in figures. */

import { printable } from '../../base/printable.ts'
import type {
  Explanation,
  RedisExplanation,
  SlotExplanation,
  ValueExplanation,
  VoidReason,
} from '../../core/explanation.ts'
import { timeText } from '../amounts.ts'
import type { Paint } from '../paint.ts'
import { columns, gridLines } from '../table.ts'

/** Of a process where one was asked, else of Redis alone. */
export type Explained = Pick<Explanation, KnownToRedis> &
  Partial<Omit<Explanation, KnownToRedis>> & { readonly declaredFamily?: string | undefined }

type KnownToRedis = 'key' | 'redis' | 'partition'

const microsPerMs = 1_000
const voidTexts: Readonly<Record<VoidReason, string>> = {
  otherIncarnation: 'the server has restarted or failed over since it was stored',
  otherEpoch: 'the record of invalidated groups was lost since it was stored',
  belowFloor: 'everything of its partition was invalidated after it was loaded',
  bornInFuture: 'it was born later than now: a clock has stepped back',
  lifeOver: 'its life is over',
  otherVersion: 'another version of the family stored it',
  tagInvalidated: 'one of its tags was invalidated after it was loaded',
}

export function explainLines(explained: Explained, paint: Paint): readonly string[] {
  const { key, family, redis } = explained
  const name = family ?? explained.declaredFamily
  const of =
    name === undefined ? 'no family that a live process declares' : `the family ${printable(name)}`
  const figures = figuresOf(explained)
  const slot = redis.isRead ? redis.slot : undefined
  return [
    `${paint('bold', printable(key))} is a key of ${of}.`,
    ...redisSentences(redis, paint),
    ...processSentences(explained, paint),
    '',
    ...columns(figures, paint),
    ...(slot?.kind === 'value' ? tagLines(slot, paint) : []),
  ]
}

function redisSentences(redis: RedisExplanation, paint: Paint): readonly string[] {
  if (!redis.isRead) return [`Redis could not be read: ${printable(redis.because)}.`]
  return slotSentences(redis.slot, paint)
}

function slotSentences(slot: SlotExplanation, paint: Paint): readonly string[] {
  switch (slot.kind) {
    case 'absent':
      return ['Redis holds nothing for it: never loaded, expired, invalidated or evicted.']
    case 'unknownWire':
      return ['Redis holds something of another version of the library; it counts as absent.']
    case 'damaged':
      return [paint('red', 'What Redis holds there is no slot of a cache; it counts as absent.')]
    case 'lease':
      return [leaseSentence(slot)]
    case 'quarantine':
      return [
        `It is being written by ${slot.writers}: nobody may store it, for ` +
          `${timeText(slot.leftMs)} at most, and reads go to the source.`,
      ]
    case 'floor':
      return [
        `Redis holds no value, only that none below the version ${Number(slot.order)} is stored.`,
      ]
    case 'value':
      return valueSentences(slot, paint)
  }
}

function leaseSentence({ leftMs, isStampCurrent }: SlotExplanation & { kind: 'lease' }): string {
  if (!isStampCurrent)
    return 'A load began before the server restarted; the next reader begins anew.'
  if (leftMs <= 0) return 'A load has not ended in time; the next reader takes it over.'
  return `It is being loaded: others wait for that, for ${timeText(leftMs)} unless it is renewed.`
}

function valueSentences(value: ValueExplanation, paint: Paint): readonly string[] {
  const what = value.isAbsent ? 'the answer that there is none' : 'a value'
  const head = `Redis holds ${what}, ${timeText(value.ageMs)} old`
  if (!value.isValid) {
    const reasons = value.voidBecause.map((reason) => `  - ${voidTexts[reason]}`)
    return [`${head}, that ${paint('red', 'nobody serves')}:`, ...reasons]
  }
  if (value.softLeftMs > 0) {
    const graceMs = value.lifeLeftMs - value.softLeftMs
    const grace = graceMs > 0 ? `, and may be served old for ${timeText(graceMs)} more` : ''
    return [`${head}; it is ${paint('green', 'fresh')} for ${timeText(value.softLeftMs)}${grace}.`]
  }
  return [`${head}; it is past its TTL, and may be served old for ${timeText(value.lifeLeftMs)}.`]
}

/** What only a process knows. */
function processSentences(explained: Explained, paint: Paint): readonly string[] {
  const { next, nextBecause, memory, trust, lastMiss, pending = [], isLoading } = explained
  const lines: string[] = []
  if (memory?.isHeld === false) {
    lines.push(
      memory.because === 'off' ? 'The process has no memory.' : 'Its memory does not hold it.',
    )
  }
  if (memory?.isHeld === true) {
    const why = memory.notServedBecause
    const served = why === undefined ? paint('green', 'serves it') : `does not serve it (${why})`
    lines.push(`Its memory holds it, ${timeText(memory.ageMs)} old, and ${served}.`)
  }
  if (trust?.isHeld === false) {
    lines.push(paint('yellow', `Memory is not trusted: ${printable(trust.lostBecause)}.`))
  }
  if (isLoading === true) lines.push('The process is loading it now.')
  if (lastMiss !== undefined) {
    const { from, why, agoMs } = lastMiss
    lines.push(
      `The last read that missed was ${timeText(agoMs)} ago: from ${from}, because ${String(why)}.`,
    )
  }
  if (pending.length > 0) {
    lines.push(
      paint('yellow', `${pending.length} invalidations of it could not be told to Redis yet.`),
    )
  }
  if (next !== undefined) {
    const answer = next === 'stale' ? 'an old value' : next
    lines.push(`The next read is answered by ${answer}: ${printable(nextBecause ?? '')}.`)
  }
  return lines
}

function figuresOf({ redis, partition, trust, policy, breakers }: Explained): readonly string[][] {
  const slot = redis.isRead ? redis.slot : undefined
  const rows: string[][] = [['partition', String(partition)]]
  if (slot !== undefined) rows.push(['slot', slot.kind])
  if (redis.isRead) rows.push(['epoch', redis.epoch ?? 'none'], ['floor', clockText(redis.floor)])
  if (slot?.kind === 'value') rows.push(...valueFigures(slot))
  if (policy !== undefined) {
    rows.push(['ttl', timeText(policy.ttlMs)], ['grace', timeText(policy.maxStaleMs)])
  }
  if (trust !== undefined) {
    const held = trust.isHeld ? `for ${timeText(trust.leftMs)}` : 'no'
    rows.push(['trusted', held], ['trust lost', `${trust.losses} times`])
  }
  for (const [name, state] of Object.entries(breakers ?? {})) rows.push([`breaker ${name}`, state])
  return rows
}

function valueFigures(value: ValueExplanation): readonly string[][] {
  const { schema, declaredSchema, order } = value
  const isOther = schema !== declaredSchema
  return [
    ['age', timeText(value.ageMs)],
    ['fresh for', timeText(Math.max(0, value.softLeftMs))],
    ['life left', timeText(Math.max(0, value.lifeLeftMs))],
    ['load took', timeText(value.loadMs)],
    ['clock', clockText(value.clock)],
    ['version', isOther ? `${schema}, declared is ${declaredSchema}` : schema],
    ...(order === '' ? [] : [['order', String(BigInt(order))]]),
    ['codec', value.codec],
    ['fill', value.fid],
  ]
}

function tagLines({ tags }: ValueExplanation, paint: Paint): readonly string[] {
  const rows = tags.map(({ tag, clock, isNewer }) => [
    printable(tag),
    clock === 0 ? 'never' : clockText(clock),
    isNewer ? paint('red', 'after the load') : 'before it',
  ])
  return ['', ...gridLines(['tag', 'invalidated', ''], rows, paint)]
}

function clockText(clock: number): string {
  return clock === 0 ? 'never' : new Date(clock / microsPerMs).toISOString()
}
