/** Server-sent events out of the pieces that a stream arrives in. */
export interface SentEvent {
  readonly id: number | undefined
  readonly data: string
}

/** Longer than any event of ours; a stream that passes it is not ours. */
const heldMax = 4 * 1024 * 1024

export class EventParser {
  #held = ''

  /** Those that are whole now. Comments, which only keep a connection open, are none. */
  push(piece: string): readonly SentEvent[] {
    this.#held += piece.replaceAll('\r\n', '\n')
    const blocks = this.#held.split('\n\n')
    this.#held = blocks.pop() ?? ''
    if (this.#held.length > heldMax) throw new Error('an event is too long')
    return blocks.flatMap((block) => eventOf(block))
  }
}

function eventOf(block: string): readonly SentEvent[] {
  let id: number | undefined
  const data: string[] = []
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data.push(value)
    if (field === 'id') id = Number(value)
  }
  return data.length === 0 ? [] : [{ id, data: data.join('\n') }]
}
