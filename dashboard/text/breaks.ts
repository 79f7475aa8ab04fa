/**
 * Where a line may end within a word: names and keys are read in parts, so a short one stays
 * whole, and a long one is broken behind what separates its parts.
 */

/** In characters: a longer word may be broken between its parts. */
const wordMax = 16
/** A part that is longer than 24 characters: it may be broken anywhere. */
const longPart = /\S{25}/

const parts = /[^:./_\-,;=&?|]*[:./_\-,;=&?|]+|[^:./_\-,;=&?|]+/g

/** Together they are the text; between two of them a line may end. */
export function breakable(text: string): readonly string[] {
  const pieces = ['']
  for (const word of text.split(/(?<=\s)/)) {
    const [first = '', ...others] = word.length <= wordMax ? [word] : (word.match(parts) ?? [])
    pieces.push(`${pieces.pop() ?? ''}${first}`, ...others)
  }
  return pieces
}

export function isLong(piece: string): boolean {
  return longPart.test(piece)
}
