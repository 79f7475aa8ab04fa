/** Values to payloads of slots and back: codecs, compression, encryption. */
export type { BytesCodec, Codec, TextCodec } from '../core/codec.ts'
export { type EnvelopeOptions, openEnvelopes } from './envelopes.ts'
export { jsonCodec } from './json.ts'
export { msgpackCodec } from './msgpack.ts'
