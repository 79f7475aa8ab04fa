/**
 * A 48-bit hash of a text as 8 base64url characters, the same on every machine.
 *
 * Two lanes of FNV-1a (Fowler, Noll, Vo) with different starting points run over the
 * UTF-16 code units; each is then spread with the finalizer of MurmurHash3 (Appleby) and
 * gives 24 bits. It tells incarnations and versions apart; it is no defence against
 * somebody who looks for collisions.
 */

/** Starting point of FNV-1a with 32 bits. */
const OFFSET_LOW = 0x811c9dc5
/** Any other starting point makes the second lane differ. */
const OFFSET_HIGH = 0x9e3779b9
const FNV_PRIME = 0x01000193
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** 8 base64url characters. */
export function hash48(text: string): string {
  let low = OFFSET_LOW
  let high = OFFSET_HIGH
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    low = Math.imul(low ^ unit, FNV_PRIME)
    high = Math.imul(high ^ unit ^ (high >>> 15), FNV_PRIME)
  }
  return fourCharacters(spread(low ^ text.length)) + fourCharacters(spread(high))
}

function spread(lane: number): number {
  let bits = lane
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}

function fourCharacters(bits: number): string {
  const at = (shift: number) => ALPHABET.charAt((bits >>> shift) & 63)
  return at(18) + at(12) + at(6) + at(0)
}
