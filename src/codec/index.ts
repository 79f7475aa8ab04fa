/** Codecs: values to payloads of slots and back. */
export { jsonCodec } from './json.ts'
