/**
 * Texts of slots on their way to the server. They are byte strings: each character is one
 * byte (see `core/slot.ts`). Sent as text, one above 127 would become two bytes.
 */
export function slotBytes(text: string): string | Buffer {
  // A long ASCII text is cheaper as text than as a copy of it, and most texts are ASCII.
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text, 'latin1')
}
