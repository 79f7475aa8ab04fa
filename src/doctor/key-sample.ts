/** What is known of the keys of a server: all of them, or so many by chance. */

/** A name may have 512 MB, and what is known of it is kept and told. */
export const nameCharsMax = 512

export interface SampledKey {
  /** As it stands in Redis, decoded as UTF-8: its first `nameCharsMax` characters. */
  readonly name: string
  /** Of the whole name. */
  readonly nameBytes: number
  /** Without what a cache puts in front of it; the name itself of what no cache wrote. */
  readonly text: string
  /** What wrote it: the slot of a cache, what it keeps beside, or somebody else. */
  readonly role: KeyRole
  /** `string`, `hash`, `stream` and so on. */
  readonly type: string
  /** Undefined: it never expires. */
  readonly ttlMs: number | undefined
  /** The same from when sampling began, so that keys read at different times compare. */
  readonly endsMs: number | undefined
  readonly bytes: number
  /** Of large collections only. */
  readonly elements: number | undefined
  /** By LFU, from 0 to 255. */
  readonly frequency: number | undefined
  /** The first bytes as Latin-1, where values may be looked at. */
  readonly head: string | undefined
}

/** `own`: clocks, beats, locks, buckets and records that a cache keeps beside its slots. */
export type KeyRole = 'slot' | 'own' | 'other'

export interface KeySample {
  readonly keys: readonly SampledKey[]
  /** In the database, when sampling began. */
  readonly total: number
  /** Every key was seen. */
  readonly isComplete: boolean
  readonly method: 'scan' | 'randomkey'
  /** Why it ended before its budget. */
  readonly stoppedEarly: string | undefined
  readonly from: 'primary' | 'replica'
}

const SLOT = /^\{[^{}]+:\d+(?:\.\d+)?\}:k:([\s\S]*)$/
const OWN = /^\{[^{}]+:\d+(?:\.\d+)?\}:(?:m$|b$|[btlqo]:)/

/** How a cache of this library would name it (PROTOCOL 2). */
export function roleOf(name: string): Pick<SampledKey, 'role' | 'text'> {
  const text = SLOT.exec(name)?.[1]
  if (text !== undefined) return { role: 'slot', text }
  return { role: OWN.test(name) ? 'own' : 'other', text: name }
}
