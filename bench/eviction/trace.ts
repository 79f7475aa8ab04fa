/** Recorded reads as numbers: which id was read, one after the other. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

/** The first reads of a trace that has a key on each line. */
export function readsOf(name: string, count: number): readonly number[] {
  const root = dirname(fileURLToPath(import.meta.resolve('staleproof/package.json')))
  const bytes = gunzipSync(readFileSync(join(root, 'bench', 'traces', `${name}.gz`)))
  const keys = bytes.toString('utf8').trim().split('\n').slice(0, count)
  const ids = new Map<string, number>()
  return keys.map((key) => {
    const id = ids.get(key) ?? ids.size
    ids.set(key, id)
    return id
  })
}
