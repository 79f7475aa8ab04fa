/**
 * Messages of the bus (PROTOCOL 4), wire version 1:
 *
 *   w|database|epoch|seq|kind|origin|server µs|reason|barrier|body
 *   K  key,key        drop these keys
 *   T  clock;tag,tag  values older than this clock that carry one of the tags are void
 *   F  clock          all values older than this clock are void
 *   S  order;key      values of a lower order are void
 *   G  glob           drop the keys that match
 *   A  key,key        these keys are active: their values live shorter for a while
 *
 * and on the private channel of a process echoes of its own beats, and who has applied the
 * message that it waits for:
 *
 *   w|database|epoch|seq|E|nonce|run id
 *   w|database|||A|barrier id|process
 *
 * Epoch and seq are empty where the partition could not count, barrier (`process~id`: who
 * wants to be told) where nobody waits. Anything can be published
 * on a channel, so reading never throws. Database and wire version come first in every
 * version; an unknown kind is taken for an unknown version, because not obeying is not safe.
 *
 * Key texts hold no `|` and no `,`: ids are encoded to `[A-Za-z0-9._~%-]`, and templates
 * are checked with `isKeyText` where they are declared. Tags are encoded in the same way.
 */
import type { BarrierAsk } from './contracts/store.ts'
import { decodeNote, encodeNote } from './note.ts'
import { formatClock, wireVersion } from './slot.ts'
import { digits } from './slot-numbers.ts'

interface MessageHead {
  readonly epoch: string | undefined
  readonly seq: number | undefined
  /** Who said it: the service. */
  readonly origin: string
  readonly serverMicros: number
  readonly reason: string
  readonly barrier: BarrierAsk | undefined
}
export interface KeysMessage extends MessageHead {
  readonly kind: 'keys'
  readonly keys: readonly string[]
}
export interface TagsMessage extends MessageHead {
  readonly kind: 'tags'
  readonly epoch: string
  readonly clock: number
  readonly tags: readonly string[]
}
export interface FloorMessage extends MessageHead {
  readonly kind: 'floor'
  readonly epoch: string
  readonly clock: number
}
export interface SetMessage extends MessageHead {
  readonly kind: 'set'
  readonly key: string
  readonly order: string
}
export interface PatternMessage extends MessageHead {
  readonly kind: 'pattern'
  readonly pattern: string
}
export interface ActiveMessage extends MessageHead {
  readonly kind: 'active'
  readonly keys: readonly string[]
}
export type Message =
  | KeysMessage
  | TagsMessage
  | FloorMessage
  | SetMessage
  | PatternMessage
  | ActiveMessage

/** What is told to one process alone. */
export type Direct = Echo | Acknowledged

export interface Echo {
  readonly kind: 'echo'
  readonly nonce: string
  readonly runId: string
  readonly epoch: string | undefined
  readonly seq: number | undefined
}
export interface Acknowledged {
  readonly kind: 'acknowledged'
  readonly barrierId: string
  /** Who has applied the message. */
  readonly process: string
}

/** Undefined: not a message at all. */
export function parseMessage(
  text: string,
  database: number,
): Message | 'otherDatabase' | 'unknownWire' | undefined {
  const wire = text.charAt(0)
  const databaseEnd = text.indexOf('|', 2)
  if (text.charAt(1) !== '|' || databaseEnd < 0) return undefined
  if (wire !== wireVersion && !WIRE.test(wire)) return undefined
  const found = digits(text, 2, databaseEnd)
  if (found < 0) return undefined
  if (found !== database) return 'otherDatabase'
  return wire === wireVersion ? parseFields(text, databaseEnd + 1) : 'unknownWire'
}

/** Throws a RangeError where the body could not be read back. */
export function formatMessage(message: Message, database: number): string {
  const { epoch = '', seq = '', origin, reason, barrier } = message
  const head = `${wireVersion}|${database}|${epoch}|${seq}|${KIND_LETTER[message.kind]}`
  const note = `${encodeNote(origin)}|${formatClock(message.serverMicros)}|${encodeNote(reason)}`
  return `${head}|${note}|${formatBarrier(barrier)}|${formatBody(message)}`
}

/** The field of a message that says who waits. Throws a RangeError. */
export function formatBarrier(barrier: BarrierAsk | undefined): string {
  if (barrier === undefined) return ''
  const text = `${barrier.process}~${barrier.id}`
  if (BARRIER.test(text)) return text
  throw new RangeError(`expected process and id without ~ and |, got ${text}`)
}

/** Undefined: nothing that is told to a process. */
export function parseDirect(text: string): Direct | undefined {
  const fields = text.split('|', DIRECT_FIELDS + 1)
  const [wire, database, epoch, seq, kind, first, second] = fields
  if (wire !== wireVersion || fields.length !== DIRECT_FIELDS) return undefined
  if (!first || !second || wholeOf(database) === undefined) return undefined
  const counted = parseCounted(epoch, seq)
  if (counted === undefined) return undefined
  if (kind === 'E') return { kind: 'echo', nonce: first, runId: second, ...counted }
  return kind === 'A' ? { kind: 'acknowledged', barrierId: first, process: second } : undefined
}

export function formatEcho(echo: Omit<Echo, 'kind'>, database: number): string {
  const { epoch = '', seq = '', nonce, runId } = echo
  return `${wireVersion}|${database}|${epoch}|${seq}|E|${nonce}|${runId}`
}

export function formatAcknowledged(
  { barrierId, process }: Omit<Acknowledged, 'kind'>,
  database: number,
): string {
  return `${wireVersion}|${database}|||A|${barrierId}|${process}`
}

/** Body of a message about keys. Throws a RangeError. */
export function keysBody(keys: readonly string[]): string {
  return joined(keys)
}

/** Body of a message about a value that was set. Throws a RangeError. */
export function setBody(key: string, order: string): string {
  return `${order};${joined([key])}`
}

/** Body of a message about a glob. Throws a RangeError. */
export function patternBody(pattern: string): string {
  return joined([pattern])
}

/** May this be the text of a key? */
export function isKeyText(text: string): boolean {
  return text !== '' && !text.includes('|') && !text.includes(',')
}

/** May this be the encoded text of a tag? A leading `#` marks fields of the partition. */
export function isTagText(text: string): boolean {
  return text !== '' && !/^#|[|,;]/.test(text)
}

const WIRE = /^[0-9A-Za-z]$/
const DIRECT_FIELDS = 7
const BARRIER = /^([^|~]+)~([^|~]+)$/
const KIND_LETTER: Record<Message['kind'], string> = {
  keys: 'K',
  tags: 'T',
  floor: 'F',
  set: 'S',
  pattern: 'G',
  active: 'A',
}

/**
 * By position and in few steps: whoever reads a value that was invalidated reads the old one
 * until this is done (`bench`, propagation).
 */
function parseFields(text: string, from: number): Message | 'unknownWire' | undefined {
  const epochEnd = text.indexOf('|', from)
  const seqEnd = text.indexOf('|', epochEnd + 1)
  const kindEnd = text.indexOf('|', seqEnd + 1)
  const originEnd = text.indexOf('|', kindEnd + 1)
  const microsEnd = text.indexOf('|', originEnd + 1)
  const reasonEnd = text.indexOf('|', microsEnd + 1)
  const barrierEnd = text.indexOf('|', reasonEnd + 1)
  // After a miss the search starts again at 0, so that one which is missing shows in the or.
  const ends = epochEnd | seqEnd | kindEnd | originEnd | microsEnd | reasonEnd | barrierEnd
  if (ends < 0 || text.includes('|', barrierEnd + 1)) return undefined
  const counted = parseCounted(text.slice(from, epochEnd), text.slice(epochEnd + 1, seqEnd))
  const serverMicros = digits(text, originEnd + 1, microsEnd)
  const waiting = text.slice(reasonEnd + 1, barrierEnd)
  const barrier = waiting === '' ? undefined : parseBarrier(waiting)
  if (counted === undefined || serverMicros < 0 || barrier === 'broken') return undefined
  const { epoch, seq } = counted
  const kind = text.slice(seqEnd + 1, kindEnd)
  const origin = decodeNote(text.slice(kindEnd + 1, originEnd))
  const reason = decodeNote(text.slice(microsEnd + 1, reasonEnd))
  const body = text.slice(barrierEnd + 1)
  if (kind === 'K' || kind === 'A') {
    const keys = body.includes(',') ? body.split(',') : [body]
    if (keys.includes('')) return undefined
    const listing = kind === 'K' ? 'keys' : 'active'
    return { kind: listing, epoch, seq, origin, serverMicros, reason, barrier, keys }
  }
  const head = { epoch, seq, origin, serverMicros, reason, barrier }
  switch (kind) {
    case 'T':
      return parseTags(head, body)
    case 'F':
      return parseFloor(head, body)
    case 'S':
      return parseSet(head, body)
    case 'G':
      return body === '' ? undefined : { kind: 'pattern', ...head, pattern: body }
    default:
      return kind && /^[A-Z]$/.test(kind) ? 'unknownWire' : undefined
  }
}

function parseTags(head: MessageHead, body: string): TagsMessage | undefined {
  const [clockText, list, ...rest] = body.split(';')
  const clock = wholeOf(clockText)
  const tags = list?.split(',') ?? []
  if (clock === undefined || head.epoch === undefined || rest.length > 0) return undefined
  if (tags.length === 0 || tags.includes('')) return undefined
  return { kind: 'tags', ...head, epoch: head.epoch, clock, tags }
}

function parseFloor(head: MessageHead, body: string): FloorMessage | undefined {
  const clock = wholeOf(body)
  if (clock === undefined || head.epoch === undefined) return undefined
  return { kind: 'floor', ...head, epoch: head.epoch, clock }
}

function parseSet(head: MessageHead, body: string): SetMessage | undefined {
  const order = body.slice(0, 19)
  const key = body.slice(20)
  if (!/^\d{19}$/.test(order) || body.charAt(19) !== ';' || key === '') return undefined
  return { kind: 'set', ...head, key, order }
}

function formatBody(message: Message): string {
  switch (message.kind) {
    case 'keys':
    case 'active':
      return keysBody(message.keys)
    case 'tags':
      return `${formatClock(message.clock)};${joined(message.tags, isTagText)}`
    case 'floor':
      return formatClock(message.clock)
    case 'set':
      return setBody(message.key, message.order)
    case 'pattern':
      return patternBody(message.pattern)
  }
}

function joined(texts: readonly string[], isFit = isKeyText): string {
  for (const text of texts) if (!isFit(text)) throw unfit(text)
  if (texts.length === 0) throw unfit('')
  return texts.join(',')
}

function unfit(text: string): RangeError {
  return new RangeError(`expected encoded keys or tags without separators, got '${text}'`)
}

function parseBarrier(text: string): BarrierAsk | 'broken' {
  const [, process, id] = BARRIER.exec(text) ?? []
  return process && id ? { process, id } : 'broken'
}

/** A number without its epoch means nothing; an epoch without number could not be counted. */
function parseCounted(
  epoch: string | undefined,
  seqText: string | undefined,
): Pick<MessageHead, 'epoch' | 'seq'> | undefined {
  if (!epoch && !seqText) return { epoch: undefined, seq: undefined }
  if (!epoch) return undefined
  if (!seqText) return { epoch, seq: undefined }
  const seq = wholeOf(seqText)
  return seq === undefined ? undefined : { epoch, seq }
}

function wholeOf(text: string | undefined): number | undefined {
  const whole = text === undefined ? -1 : digits(text)
  return whole < 0 ? undefined : whole
}
