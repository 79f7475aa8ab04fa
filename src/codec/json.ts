/** The codec used by default: JSON as the engine writes and reads it. */
import type { TextCodec } from '../core/codec.ts'

export const jsonCodec: TextCodec = Object.freeze({
  kind: 'text',
  name: 'j',
  encode: (value: unknown): string => JSON.stringify(value),
  decode: (text: string): unknown => JSON.parse(text),
})
