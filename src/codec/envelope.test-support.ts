/** An envelope as a family has one, for the tests of this folder. */
import type { Codec } from '../core/codec.ts'
import type { Compression } from '../core/codec-rules.ts'
import type { Envelope, Sealed } from '../core/envelope.ts'
import { systemChance } from '../system.ts'
import { Cipher } from './cipher.ts'
import { FamilyEnvelope } from './family-envelope.ts'
import { jsonCodec } from './json.ts'
import { keyRing } from './key-ring.ts'

export const PLACE = { key: 'market:1', version: 'sChEmA01' }

export interface EnvelopeWish {
  readonly codec?: Codec
  readonly compression?: Compression
  /** Ids of keys, the first of which encrypts; undefined: not encrypted. */
  readonly keys?: readonly string[]
  readonly bytesMax?: number
}

export function envelopeOf(wish: EnvelopeWish = {}): Envelope {
  const { codec = jsonCodec, compression = 'auto', bytesMax = 4_000_000, keys } = wish
  const given = keys && { keys: keys.map((id) => ({ id, key: keyOf(id) })) }
  const ring = given?.keys.length === 0 ? [] : keyRing(given)
  const cipher = keys && new Cipher(ring, systemChance)
  return new FamilyEnvelope({ codec, compression, cipher, bytesMax, nextTurn: async () => {} })
}

/** 32 bytes that follow from the id. */
export function keyOf(id: string): Uint8Array {
  return Buffer.alloc(32, id)
}

export async function sealedBy(envelope: Envelope, value: unknown): Promise<Sealed> {
  return await envelope.seal(envelope.encode(value), PLACE)
}

export async function openedBy(envelope: Envelope, sealed: Sealed): Promise<unknown> {
  return await envelope.open(sealed, PLACE)
}
