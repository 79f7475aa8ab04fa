/**
 * AES-256-GCM for families that declare `encrypted`. A payload is
 *
 *   length of the key's id (1 byte) | id | nonce (12 bytes) | encrypted | tag (16 bytes)
 *
 * Authenticated with it: the key of the slot, the version of the family and the mark. So
 * one who can write to Redis can neither move a payload to another key nor have it read
 * in another way. The nonce is random: with 2³² values under one key the chance of one
 * repeated is 2⁻³³ (NIST SP 800-38D, 8.3), which bounds how long a key may be used.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Chance } from '../core/contracts/clock.ts'
import type { Place } from '../core/envelope.ts'
import { StaleproofError } from '../core/errors.ts'
import type { KeyRing } from './key-ring.ts'

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

export interface Sealing extends Place {
  readonly mark: string
}

export class Cipher {
  readonly #ring: KeyRing
  readonly #chance: Chance

  constructor(ring: KeyRing, chance: Chance) {
    this.#ring = ring
    this.#chance = chance
  }

  /** Throws `SP_KEY_MISSING` where this process has no key. */
  encrypt(bytes: Uint8Array, sealing: Sealing): Buffer {
    const [first] = this.#ring
    if (first === undefined) throw keyMissing(sealing, 'a key in `encryption`')
    const id = Buffer.from(first.id)
    // A token is 96 random bits, never handed out twice: exactly a nonce.
    const nonce = Buffer.from(this.#chance.token(), 'base64url')
    const cipher = createCipheriv(ALGORITHM, first.key, nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(placeOf(sealing))
    const encrypted = [cipher.update(bytes), cipher.final()]
    return Buffer.concat([Buffer.of(id.length), id, nonce, ...encrypted, cipher.getAuthTag()])
  }

  /** Throws `SP_KEY_MISSING`, or anything else where the payload was not made for this place. */
  decrypt(payload: Buffer, sealing: Sealing): Buffer {
    const idEnd = 1 + (payload[0] ?? 0)
    const nonceEnd = idEnd + NONCE_BYTES
    const tagStart = payload.length - TAG_BYTES
    if (tagStart < nonceEnd) throw new RangeError('expected an encrypted payload')
    const id = payload.toString('latin1', 1, idEnd)
    const found = this.#ring.find((one) => one.id === id)
    if (found === undefined) throw keyMissing(sealing, `the key '${id}'`)
    const nonce = payload.subarray(idEnd, nonceEnd)
    const decipher = createDecipheriv(ALGORITHM, found.key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(placeOf(sealing))
    decipher.setAuthTag(payload.subarray(tagStart))
    return Buffer.concat([decipher.update(payload.subarray(nonceEnd, tagStart)), decipher.final()])
  }
}

/** None of the parts can contain the separator. */
function placeOf({ key, version, mark }: Sealing): Buffer {
  return Buffer.from(`${key}|${version}|${mark}`)
}

function keyMissing({ key }: Place, expected: string): StaleproofError {
  return new StaleproofError('SP_KEY_MISSING', `'${key}' is encrypted`, { key, expected })
}
