/** The values of the running system that the repository ships (see `test/corpus`). */
import { readdirSync, readFileSync } from 'node:fs'

export interface CorpusSlot {
  readonly key: string
  readonly value: unknown
}

const folder = new URL('../../test/corpus/', import.meta.url)

export function corpus(): readonly CorpusSlot[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'))
  const lines = files.flatMap((name) => readFileSync(new URL(name, folder), 'utf8').split('\n'))
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line))
}
