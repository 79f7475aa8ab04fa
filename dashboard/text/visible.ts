/**
 * Keys and values are written by anybody. They are shown as text nodes only; what a browser
 * would not draw, or would draw somewhere else, is escaped so that two keys that differ look
 * different.
 */
const shownMax = 300

// Controls, marks of direction, invisible spaces and joiners, byte order marks, halves of pairs.
const hidden =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu

export function visible(text: string): string {
  return text.replaceAll(hidden, (char) => {
    const code = (char.codePointAt(0) ?? 0).toString(16)
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`
  })
}

/** At most a line or two; tells how long the whole is where it is cut. */
export function shortened(text: string, max = shownMax): string {
  if (text.length <= max) return visible(text)
  return `${visible(text.slice(0, max))}… (${text.length.toLocaleString('en-GB')} characters)`
}
