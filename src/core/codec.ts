/**
 * Codecs: how values become text or bytes, and back. What happens to those on their way
 * into a slot (compression, encryption) is the business of the envelope, not of a codec.
 */
export type Codec = TextCodec | BytesCodec

interface Named {
  /** 1 to 3 lower-case letters or digits; stands in each slot, so that readers see who wrote it. */
  readonly name: string
}

/** Makes text, such as JSON does. */
export interface TextCodec extends Named {
  readonly kind: 'text'
  /** `value` is what a family carries (plain data, nothing else); it is never `undefined`. */
  readonly encode: (value: unknown) => string
  /** Throws, whatever it likes, if the text is none of its own. */
  readonly decode: (text: string) => unknown
}

/** Makes bytes, such as MessagePack does. */
export interface BytesCodec extends Named {
  readonly kind: 'bytes'
  /** As above. What it returns must not change afterwards: it may be compressed later. */
  readonly encode: (value: unknown) => Uint8Array
  /** As above. */
  readonly decode: (bytes: Uint8Array) => unknown
}
