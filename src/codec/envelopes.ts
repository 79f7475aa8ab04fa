/** The envelopes of a catalog in one process: codecs loaded, keys checked. */
import type { CatalogFamily } from '../core/catalog.ts'
import type { Codec } from '../core/codec.ts'
import type { Chance } from '../core/contracts/clock.ts'
import type { Envelope } from '../core/envelope.ts'
import { StaleproofError } from '../core/errors.ts'
import { Cipher } from './cipher.ts'
import { FamilyEnvelope } from './family-envelope.ts'
import { jsonCodec } from './json.ts'
import { keyRing } from './key-ring.ts'
import { msgpackCodec } from './msgpack.ts'

export interface EnvelopeOptions {
  /** As `openCache` is given it. */
  readonly encryption?: unknown
  /** Of families that this process loads, and so writes. */
  readonly sources: { has(family: string): boolean }
  readonly chance: Chance
  /** Resolves when the event loop has turned. */
  readonly nextTurn: () => Promise<void>
}

/**
 * Throws `SP_OPTION_INVALID`, `SP_CODEC_MISSING`, or `SP_KEY_MISSING` where values would be
 * loaded that could not be encrypted.
 */
export async function openEnvelopes(
  families: Iterable<CatalogFamily>,
  options: EnvelopeOptions,
): Promise<(family: CatalogFamily) => Envelope> {
  const { sources, chance, nextTurn } = options
  const ring = keyRing(options.encryption)
  const codecs = new Map<string, Codec>()
  for (const family of families) {
    const { codec, isEncrypted } = family.rules
    if (isEncrypted && ring.length === 0 && sources.has(family.name)) throw noKeys(family.name)
    codecs.set(family.name, await codecOf(codec))
  }
  return (family) => {
    const { compression, isEncrypted, maxValueBytes } = family.rules
    const codec = codecs.get(family.name) ?? jsonCodec
    const cipher = isEncrypted ? new Cipher(ring, chance) : undefined
    return new FamilyEnvelope({ codec, compression, cipher, bytesMax: maxValueBytes, nextTurn })
  }
}

async function codecOf(codec: CatalogFamily['rules']['codec']): Promise<Codec> {
  if (codec === 'json') return jsonCodec
  return codec === 'msgpack' ? msgpackCodec() : codec
}

function noKeys(family: string): StaleproofError {
  const details = { family, expected: '`encryption: { keys: [{ id, key }] }`' }
  const message = `the family '${family}' is encrypted, and this process loads it without a key`
  return new StaleproofError('SP_KEY_MISSING', message, details)
}
