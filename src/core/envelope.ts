/**
 * The envelope of a family: what its codec made, compressed and encrypted where that is
 * declared, as one payload with a mark that says what was done. It never needs anything
 * but the slot and, where it is encrypted, a key of this process.
 *
 * Small values go through at once; large ones leave the event loop, so both ways may
 * answer with a promise.
 */

/** What a codec made of a value. */
export interface Encoded {
  readonly content: string | Uint8Array
  /** In UTF-8. */
  readonly sizeBytes: number
}

/** A payload: a byte string (see `slot.ts`), and how it is to be read. */
export interface Sealed {
  readonly mark: string
  readonly payload: string
}

/** Where a payload belongs: an encrypted one can't be read anywhere else. */
export interface Place {
  readonly key: string
  /** Version of the family. */
  readonly version: string
}

export interface Envelope {
  /** What decides how values look like in a slot; a part of the version of the family. */
  readonly name: string
  /** Throws what the codec throws. */
  encode(value: unknown): Encoded
  /** The same in a turn of the event loop of its own, for a value of many parts. */
  encodeLater(value: unknown): Promise<Encoded>
  /** Throws or rejects with `SP_KEY_MISSING`. */
  seal(encoded: Encoded, place: Place): Sealed | Promise<Sealed>
  /**
   * The value; one that comes by a promise comes in a turn of its own. Throws or rejects,
   * with anything, where the payload can't be read.
   */
  open(sealed: Sealed, place: Place): unknown
}
