/** How many columns of a terminal a text takes, and how it is cut to fit. */
import { stripVTControlCharacters } from 'node:util'

/** East Asian wide and fullwidth, and what is drawn as a picture. */
const wideRanges = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
] as const
/** They stand on the character before them. */
const zero = /^[\p{Mn}\p{Me}\p{Cf}]$/u
const ascii = /^[\x20-\x7e]*$/

export function widthOf(text: string): number {
  const seen = stripVTControlCharacters(text)
  if (ascii.test(seen)) return seen.length
  let width = 0
  for (const character of seen) width += widthOfCharacter(character)
  return width
}

export function widthOfCharacter(character: string): 0 | 1 | 2 {
  if (zero.test(character)) return 0
  const code = character.codePointAt(0) ?? 0
  return wideRanges.some(([from, to]) => code >= from && code <= to) ? 2 : 1
}

/** At most so wide; what is cut ends with an ellipsis. Of plain text. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  let left = width - 1
  for (const character of text) {
    left -= widthOfCharacter(character)
    if (left < 0) break
    kept += character
  }
  return width > 0 ? `${kept}…` : ''
}

export function padTo(text: string, width: number, side: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return side === 'right' ? space + text : text + space
}
