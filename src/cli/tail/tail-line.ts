/** A message of the bus for people, and for programs. */

import { printable } from '../../base/printable.ts'
import type { Message } from '../../core/message.ts'
import { serviceOf } from '../../core/origin.ts'
import { decodeTag, isFamilyTag } from '../../core/tag.ts'
import type { Paint } from '../paint.ts'

/** Longer lists are counted. */
const namedMax = 5
const serviceWidth = 12

/** What `--json` says of a message. */
export type TailDocument = TailHead &
  (
    | { readonly keys: readonly string[]; readonly order?: string | undefined }
    | { readonly tags: readonly string[]; readonly clock: number }
    | { readonly pattern: string }
    | { readonly clock: number }
  )

interface TailHead extends Pick<Message, 'origin' | 'reason' | 'seq' | 'epoch'> {
  readonly atMs: number
  readonly kind: string
}

export function tailFields(message: Message): TailDocument {
  const { origin, reason, serverMicros, seq, epoch } = message
  const head = { atMs: serverMicros / 1_000, kind: kindOf(message), origin, reason, seq, epoch }
  switch (message.kind) {
    case 'keys':
    case 'active':
      return { ...head, keys: message.keys }
    case 'set':
      return { ...head, keys: [message.key], order: message.order }
    case 'tags':
      return { ...head, tags: message.tags.map(decodeTag), clock: message.clock }
    case 'pattern':
      return { ...head, pattern: message.pattern }
    case 'floor':
      return { ...head, clock: message.clock }
  }
}

export function tailLine(message: Message, paint: Paint): string {
  const time = new Date(message.serverMicros / 1_000).toISOString().slice(11, 23)
  const service = printable(serviceOf(message.origin)).padEnd(serviceWidth)
  const kind = kindOf(message).padEnd(7)
  const reason = message.reason === '' ? '' : paint('dim', `  (${printable(message.reason)})`)
  return `${paint('dim', time)}  ${service}  ${paint('yellow', kind)}  ${whatOf(message)}${reason}`
}

/** What it concerns, in the words of the library. */
export function kindOf(message: Message): string {
  switch (message.kind) {
    case 'keys':
      return message.keys.length === 1 ? 'key' : 'keys'
    case 'tags':
      return message.tags.every(isFamilyTag) ? 'family' : 'tag'
    case 'floor':
      return 'all'
    default:
      return message.kind
  }
}

export function whatOf(message: Message): string {
  switch (message.kind) {
    case 'keys':
    case 'active':
      return listed(message.keys)
    case 'set':
      return printable(message.key)
    case 'tags':
      return listed(message.tags.map((tag) => decodeTag(tag).replace(/^family:/, '')))
    case 'pattern':
      return printable(message.pattern)
    case 'floor':
      return 'everything'
  }
}

function listed(texts: readonly string[]): string {
  const named = texts.slice(0, namedMax).map(printable).join(', ')
  return texts.length <= namedMax ? named : `${named} and ${texts.length - namedMax} more`
}
