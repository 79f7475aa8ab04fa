/** The options of a family that say how its values are written, and which ones are not. */
import type { Codec } from './codec.ts'
import { DEFAULTS } from './defaults.ts'
import { booleanIn, type Fields, invalid, isFields } from './option-checks.ts'

/** `auto`: as measured on values of a running system. */
export type Compression = 'auto' | 'deflate' | 'brotli' | false

/** How the values of a family are written, and which ones are not. */
export interface CodecOptions {
  /**
   * How values become text or bytes. `msgpack` needs the package msgpackr; or a codec of
   * your own. Default `json`.
   */
  readonly codec?: 'json' | 'msgpack' | Codec
  /** From 1 KB on, where it saves a tenth. Default `auto`. */
  readonly compress?: Compression
  /**
   * True: Redis holds the values encrypted (AES-256-GCM), by the keys that `openCache` is
   * given. Memory holds them as they are.
   */
  readonly encrypted?: boolean
  /**
   * What happens to values that look like passwords, keys, tokens or card numbers. Default
   * `refuse`: they are returned, but stored nowhere. An encrypted family stores them.
   */
  readonly sensitive?: 'refuse' | 'allow'
}

export interface CodecRules {
  readonly codec: 'json' | 'msgpack' | Codec
  readonly compression: Compression
  readonly isEncrypted: boolean
  /** Sensitive values are refused. */
  readonly isGuarded: boolean
}

export const codecOptions: readonly (keyof CodecOptions)[] = [
  'codec',
  'compress',
  'encrypted',
  'sensitive',
]

const COMPRESSIONS: readonly unknown[] = ['auto', 'deflate', 'brotli', false]
const NAME = /^[a-z0-9]{1,3}$/
/** Those of the codecs that are built in. */
const NAMES_TAKEN = ['j', 'm1']

/** Throws `SP_OPTION_INVALID`. */
export function resolveCodec(where: string, fields: Fields): CodecRules {
  const isEncrypted = booleanIn(where, fields, 'encrypted') ?? false
  const sensitive = fields.sensitive ?? DEFAULTS.sensitive.value
  if (sensitive !== 'refuse' && sensitive !== 'allow') {
    throw invalid(where, 'sensitive', "'refuse' or 'allow'", sensitive)
  }
  const isGuarded = sensitive === 'refuse' && !isEncrypted
  const compression = compressionIn(where, fields)
  return { codec: codecIn(where, fields), compression, isEncrypted, isGuarded }
}

function compressionIn(where: string, { compress }: Fields): Compression {
  if (compress === undefined) return DEFAULTS.compress.value
  if (isCompression(compress)) return compress
  throw invalid(where, 'compress', "'auto', 'deflate', 'brotli' or false", compress)
}

function isCompression(value: unknown): value is Compression {
  return COMPRESSIONS.includes(value)
}

function codecIn(where: string, { codec = 'json' }: Fields): CodecRules['codec'] {
  if (codec === 'json' || codec === 'msgpack' || isCodec(codec)) return codec
  const expected =
    "'json', 'msgpack', or an object with kind 'text' or 'bytes', encode, decode and a name " +
    `of 1 to 3 lower-case letters or digits that is none of ${NAMES_TAKEN.join(', ')}`
  throw invalid(where, 'codec', expected, codec)
}

function isCodec(value: unknown): value is Codec {
  if (!isFields(value)) return false
  const { kind, name, encode, decode } = value
  const isNamed = typeof name === 'string' && NAME.test(name) && !NAMES_TAKEN.includes(name)
  const isWhole = typeof encode === 'function' && typeof decode === 'function'
  return isNamed && isWhole && (kind === 'text' || kind === 'bytes')
}
