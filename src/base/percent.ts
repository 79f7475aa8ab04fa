/**
 * The escape of ids inside keys (CONTRACT 9). Letters, digits, `.`, `-` and `~` stay;
 * everything else, `_` and every separator included, becomes percent-encoded UTF-8 with
 * upper-case hex. So an encoded text contains no separator and no glob character, and
 * every text has exactly one encoding.
 */

const PLAIN = /^[A-Za-z0-9.~-]*$/
const ENCODED = /^(?:[A-Za-z0-9.~-]|%[0-9A-F]{2})*$/
/** What `encodeURIComponent` leaves alone and we don't. */
const LEFT_OVER = /[_!'()*]/g
/** With the `u` flag pairs count as one character, so only lone surrogates match. */
const LONE_SURROGATE = /\p{Surrogate}/u

/** True: the text is its own encoding. */
export function isPlainPercent(text: string): boolean {
  return PLAIN.test(text)
}

/** False: the text has half of a surrogate pair and no UTF-8 form. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text)
}

/** Undefined: the text is not well-formed. */
export function encodePercent(text: string): string | undefined {
  if (PLAIN.test(text)) return text
  if (!isWellFormed(text)) return undefined
  return encodeURIComponent(text).replace(LEFT_OVER, hexOfUnit)
}

/** Undefined: `encodePercent` never returns this text. */
export function decodePercent(encoded: string): string | undefined {
  if (PLAIN.test(encoded)) return encoded
  if (!ENCODED.test(encoded)) return undefined
  const text = decoded(encoded)
  return text !== undefined && encodePercent(text) === encoded ? text : undefined
}

/** True: the character may stand in an encoded text. */
export function isEncodedCharacter(character: string): boolean {
  return character === '%' || (character.length === 1 && PLAIN.test(character))
}

function hexOfUnit(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

function decoded(encoded: string): string | undefined {
  try {
    return decodeURIComponent(encoded)
  } catch {
    // Not UTF-8: the answer of this function is that there is no text.
    return undefined
  }
}
