/**
 * Text of a server as it may be shown on a terminal: what would move the cursor, change colours
 * or turn the direction of writing is written as an escape.
 */

const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

export function printable(text: string): string {
  return text.replace(unsafe, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
  })
}

/** The same for a document of several lines. */
export function printableLines(text: string): readonly string[] {
  return text.split('\n').map(printable)
}
