/** Codecs: how values become the payload of a slot, and back. */
export interface Codec {
  /** 1 to 3 characters that stand in each slot, so that readers see who wrote it. */
  readonly name: string
  /** `value` has passed `carry`; it is never `undefined`. */
  readonly encode: (value: unknown) => string
  /** Throws, whatever it likes, if the text is none of its own. */
  readonly decode: (text: string) => unknown
  /** Size of an encoded text in UTF-8. */
  readonly sizeBytes: (text: string) => number
}
