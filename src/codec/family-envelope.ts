/**
 * The envelope of one family. Its mark is the name of the codec, followed by what was
 * done to what the codec made:
 *
 *   U  text with characters beyond ASCII, in UTF-8
 *   D  deflated   B  compressed by brotli
 *   E  encrypted, after all else
 *
 * ASCII text is stored as it is: most values are small and ASCII, and they are neither
 * copied nor searched on the way of a hit.
 */
import type { Codec } from '../core/codec.ts'
import type { Compression } from '../core/codec-rules.ts'
import type { Encoded, Envelope, Place, Sealed } from '../core/envelope.ts'
import type { Cipher } from './cipher.ts'
import { compress, compressedFromBytes, decompress, packingOf } from './compression.ts'

export interface EnvelopeParts {
  readonly codec: Codec
  readonly compression: Compression
  /** Undefined: not encrypted. */
  readonly cipher: Cipher | undefined
  /** Nothing larger is read. */
  readonly bytesMax: number
  /** Lets the event loop turn between two steps of a large value, so that none adds to another. */
  readonly nextTurn: () => Promise<void>
}

const MARK = /^([a-z0-9]{1,3})(U|D|B)?(E)?$/

export class FamilyEnvelope implements Envelope {
  readonly name: string
  readonly #parts: EnvelopeParts

  constructor(parts: EnvelopeParts) {
    this.name = parts.codec.name + (parts.cipher === undefined ? '' : 'E')
    this.#parts = parts
  }

  encode(value: unknown): Encoded {
    return sized(this.#parts.codec.encode(value))
  }

  /** Made into bytes in another turn: that takes half as long again. */
  async encodeLater(value: unknown): Promise<Encoded> {
    const { codec, nextTurn } = this.#parts
    await nextTurn()
    const { content } = sized(codec.encode(value))
    await nextTurn()
    return sized(bytesOf(content))
  }

  seal(encoded: Encoded, place: Place): Sealed | Promise<Sealed> {
    const { compression } = this.#parts
    if (compression === false || encoded.sizeBytes < compressedFromBytes) {
      return this.#uncompressed(encoded, place)
    }
    const bytes = bytesOf(encoded.content)
    const sealed = (packed: Buffer | undefined): Sealed => {
      if (packed === undefined) return this.#uncompressed(encoded, place)
      return this.#closed(packed, packingOf(compression), place)
    }
    const packed = compress(bytes, compression)
    return packed instanceof Promise ? packed.then(sealed) : sealed(packed)
  }

  open({ mark, payload }: Sealed, place: Place): unknown {
    const { codec, cipher, bytesMax } = this.#parts
    if (mark === codec.name && codec.kind === 'text' && cipher === undefined) {
      return codec.decode(payload)
    }
    const [, name, step, encrypted] = MARK.exec(mark) ?? []
    const isOurs = name === codec.name && (encrypted !== undefined) === (cipher !== undefined)
    if (!isOurs) throw new RangeError(`expected the codec ${this.name}, got ${mark}`)
    const stored = Buffer.from(payload, 'latin1')
    const bytes = cipher?.decrypt(stored, { ...place, mark }) ?? stored
    if (step !== 'D' && step !== 'B') return decoderOf(codec, bytes)()
    const unpacked = decompress(bytes, step, bytesMax)
    return unpacked instanceof Promise ? this.#decodedLater(unpacked) : decoderOf(codec, unpacked)()
  }

  #uncompressed({ content, sizeBytes }: Encoded, place: Place): Sealed {
    const { codec, cipher } = this.#parts
    if (cipher !== undefined) return this.#closed(bytesOf(content), '', place)
    if (content.length === sizeBytes && typeof content === 'string') {
      return { mark: codec.name, payload: content }
    }
    return this.#closed(bytesOf(content), codec.kind === 'text' ? 'U' : '', place)
  }

  #closed(bytes: Buffer, step: string, place: Place): Sealed {
    const { codec, cipher } = this.#parts
    const mark = codec.name + step + (cipher === undefined ? '' : 'E')
    const closed = cipher?.encrypt(bytes, { ...place, mark }) ?? bytes
    return { mark, payload: closed.toString('latin1') }
  }

  async #decodedLater(unpacking: Promise<Buffer>): Promise<unknown> {
    const { codec, nextTurn } = this.#parts
    const bytes = await unpacking
    const decode = decoderOf(codec, bytes)
    await nextTurn()
    const value = decode()
    await nextTurn()
    return value
  }
}

/** Bytes are copied: a codec may use its buffer for the next value before this one is sent. */
function sized(content: string | Uint8Array): Encoded {
  if (typeof content === 'string') return { content, sizeBytes: Buffer.byteLength(content) }
  return { content: Buffer.from(content), sizeBytes: content.length }
}

/** Decodes them when it is called; by then they are text, if the codec makes text. */
function decoderOf(codec: Codec, bytes: Buffer): () => unknown {
  if (codec.kind === 'bytes') return () => codec.decode(bytes)
  const text = bytes.toString('utf8')
  return () => codec.decode(text)
}

function bytesOf(content: string | Uint8Array): Buffer {
  if (typeof content === 'string') return Buffer.from(content)
  return Buffer.from(content.buffer, content.byteOffset, content.length)
}
