/**
 * Text of others as it may be shown: what a terminal or a page would obey, or not show at all,
 * is written as an escape, so that two texts that differ look different.
 */

// Controls, what has no shape or turns the direction, halves of pairs, ends of lines, and code
// points that are no characters, which XML does not allow either.
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu

export function printable(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16)
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
  })
}

/** The same for a text of several lines. */
export function printableLines(text: string): readonly string[] {
  return text.split('\n').map(printable)
}
