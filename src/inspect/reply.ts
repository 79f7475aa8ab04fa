/** Replies of unknown shape, read with care: what is not as expected is not there. */

export function isList(reply: unknown): reply is readonly unknown[] {
  return Array.isArray(reply)
}

/** Empty if it is none. */
export function listOf(reply: unknown): readonly unknown[] {
  return isList(reply) ? reply : []
}

/** Of a text or of bytes. */
export function textOf(reply: unknown): string | undefined {
  if (typeof reply === 'string') return reply
  return Buffer.isBuffer(reply) ? reply.toString() : undefined
}

/** Of a number or of digits. */
export function numberOf(reply: unknown): number | undefined {
  if (typeof reply === 'number') return reply
  if (typeof reply === 'bigint') return Number(reply)
  const text = textOf(reply)
  if (text === undefined || text.trim() === '') return undefined
  const number = Number(text)
  return Number.isNaN(number) ? undefined : number
}

/** Of a flat list of names and values. */
export function pairsOf(reply: unknown): ReadonlyMap<string, unknown> {
  const items = listOf(reply)
  const pairs = new Map<string, unknown>()
  for (let at = 0; at + 1 < items.length; at += 2) {
    const name = textOf(items[at])
    if (name !== undefined) pairs.set(name, items[at + 1])
  }
  return pairs
}
