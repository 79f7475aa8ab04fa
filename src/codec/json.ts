/** The codec used by default: JSON as the engine writes and reads it. */
import type { Codec } from '../core/codec.ts'

export const jsonCodec: Codec = Object.freeze({
  name: 'j',
  encode: (value: unknown): string => JSON.stringify(value),
  decode: (text: string): unknown => JSON.parse(text),
  sizeBytes: (text: string): number => Buffer.byteLength(text, 'utf8'),
})
