/** Replies of SLOWLOG GET and COMMANDLOG GET, which have one shape. */
import { isList, listOf, numberOf, textOf } from './reply.ts'

export interface SlowEntry {
  readonly id: number
  readonly atMs: number
  /** Of a slow command µs; of a large request or reply bytes. */
  readonly amount: number
  /** Lower case. */
  readonly command: string
  readonly args: readonly string[]
  readonly clientAddress: string
  readonly clientName: string
}

export function parseSlowLog(reply: unknown): readonly SlowEntry[] {
  return listOf(reply).flatMap((entry) => {
    if (!isList(entry)) return []
    const [id, atS, amount, words, address, name] = entry
    const [command = '', ...args] = listOf(words).map((word) => textOf(word) ?? '')
    return [
      {
        id: numberOf(id) ?? 0,
        atMs: (numberOf(atS) ?? 0) * 1_000,
        amount: numberOf(amount) ?? 0,
        command: command.toLowerCase(),
        args,
        clientAddress: textOf(address) ?? '',
        clientName: textOf(name) ?? '',
      },
    ]
  })
}
