/**
 * A fill id of 16 base64url characters as three words of 32 bits: a string would take
 * three times the room, and one cut out of a slot's text keeps all of that text alive.
 */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const characters = 16
const sixBits: Int8Array = bitsByCode()

/** False: it is not of that form, and nothing was written. */
export function packFillId(fid: string, words: Uint32Array, at: number): boolean {
  if (fid.length !== characters) return false
  const [first, second, third] = [quarter(fid, 0), quarter(fid, 4), quarter(fid, 8)]
  const last = quarter(fid, 12)
  if ((first | second | third | last) < 0) return false
  words[at] = first | ((last & 0xff) << 24)
  words[at + 1] = second | (((last >>> 8) & 0xff) << 24)
  words[at + 2] = third | ((last >>> 16) << 24)
  return true
}

export function unpackFillId(words: Uint32Array, at: number): string {
  const [first = 0, second = 0, third = 0] = words.subarray(at, at + 3)
  const last = (first >>> 24) | ((second >>> 24) << 8) | ((third >>> 24) << 16)
  return (
    fourCharacters(first) + fourCharacters(second) + fourCharacters(third) + fourCharacters(last)
  )
}

/** 24 bits of four characters; negative where one of them does not belong. */
function quarter(fid: string, start: number): number {
  let bits = 0
  for (let index = start; index < start + 4; index++) {
    const six = sixBits[fid.charCodeAt(index)] ?? -1
    if (six < 0) return -1
    bits = (bits << 6) | six
  }
  return bits
}

function fourCharacters(bits: number): string {
  const at = (shift: number) => ALPHABET.charAt((bits >>> shift) & 63)
  return at(18) + at(12) + at(6) + at(0)
}

function bitsByCode(): Int8Array {
  const bits = new Int8Array(128).fill(-1)
  for (let index = 0; index < ALPHABET.length; index++) bits[ALPHABET.charCodeAt(index)] = index
  return bits
}
