/** Origin and reason as they stand in a message: one field each, of bounded length. */

/** Longer origins and reasons are cut. */
export const noteCharsMax = 200

export function encodeNote(text: string): string {
  if (text === '') return text
  const note = text.length > noteCharsMax ? text.slice(0, noteCharsMax) : text
  return UNSAFE.test(note) ? note.replace(EACH_UNSAFE, codeOf) : note
}

export function decodeNote(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(CODES, (code) => String.fromCharCode(parseInt(code.slice(1), 16)))
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they would spoil a log line.
const UNSAFE = /[%|\u0000-\u001f\u007f]/
const EACH_UNSAFE = new RegExp(UNSAFE, 'g')
const CODES = /%[0-9A-F]{2}/g

function codeOf(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}
