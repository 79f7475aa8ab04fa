import { describe, expect, it } from 'vitest'
import type { Codec } from '../core/codec.ts'
import { describeCodec } from '../testing/codec-suite.ts'
import { jsonCodec } from './json.ts'
import { msgpackCodec } from './msgpack.ts'

const tools = { describe, expect, it }
const own: Codec = {
  kind: 'text',
  name: 'own',
  encode: (value) => `<${JSON.stringify(value)}>`,
  decode: (text) => {
    if (!text.endsWith('>')) throw new Error('cut')
    return JSON.parse(text.slice(1, -1))
  },
}

describeCodec(tools, 'the JSON codec', jsonCodec)
describeCodec(tools, 'the MessagePack codec', await msgpackCodec())
describeCodec(tools, 'a codec of a user', own)
