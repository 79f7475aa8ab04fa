/**
 * MessagePack by msgpackr, which is installed by those who want it. Names of fields are
 * written once for each shape of object, in the value itself: a table of names shared
 * between values would have to outlive every value that was written with it, in Redis as
 * in every process. The digit in the name of the codec is the version of that layout.
 */
import type { BytesCodec } from '../core/codec.ts'
import { deepEqual } from '../core/deep-equal.ts'
import { StaleproofError } from '../core/errors.ts'

/** What a lone surrogate becomes in a long text. */
const REPLACEMENT = Buffer.from('\ufffd')
/** What one becomes in a short text: its first byte, with a second one of 0xa0 or more. */
const SURROGATE_FIRST = 0xed
const SURROGATE_SECOND_MIN = 0xa0
/** A name that msgpackr changes. */
const PROTOTYPE = Buffer.from('__proto__')

/** Rejects with `SP_CODEC_MISSING` where msgpackr is not installed. */
export async function msgpackCodec(): Promise<BytesCodec> {
  const { Packr } = await msgpackr()
  const packr = new Packr({ useRecords: true, mapsAsObjects: true })
  const decode = (bytes: Uint8Array): unknown => packr.unpack(bytes)
  const encode = (value: unknown): Uint8Array => {
    const bytes = packr.pack(value)
    if (!isSuspect(bytes) || deepEqual(decode(bytes), value)) return bytes
    throw new RangeError("MessagePack can't carry a lone surrogate or a field '__proto__'")
  }
  return Object.freeze({ kind: 'bytes', name: 'm1', encode, decode })
}

async function msgpackr(): Promise<typeof import('msgpackr')> {
  try {
    return await import('msgpackr')
  } catch (cause) {
    const details = { expected: "the package 'msgpackr', version 2", cause }
    throw new StaleproofError('SP_CODEC_MISSING', "codec: 'msgpack'", details)
  }
}

/** It may come back as something else; numbers and other texts can have such bytes too. */
function isSuspect(bytes: Buffer): boolean {
  if (bytes.includes(REPLACEMENT) || bytes.includes(PROTOTYPE)) return true
  let at = bytes.indexOf(SURROGATE_FIRST)
  while (at >= 0) {
    if ((bytes[at + 1] ?? 0) >= SURROGATE_SECOND_MIN) return true
    at = bytes.indexOf(SURROGATE_FIRST, at + 1)
  }
  return false
}
