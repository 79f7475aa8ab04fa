/** V8 copies what is cut from a text up to this length, and points into the text beyond it. */
const copiedCharsMax = 12

/** The same text, without the longer one that it was cut from and would keep alive. */
export function detached(text: string): string {
  return text.length > copiedCharsMax ? JSON.parse(JSON.stringify(text)) : text
}

/** The same in a quarter of the time and twice the room: for texts that are not looked up. */
export function quicklyDetached(text: string): string {
  return text.length > copiedCharsMax ? ` ${text}`.slice(1) : text
}
