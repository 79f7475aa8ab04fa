/** A copy of the sources with an edit, to be run in place of the library. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Ablation, Edit } from './ablation.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const isOfTest = /\.(test|test-d|test-support)\.ts$/

/** The address to import; throws when an edit does not fit its file. */
export function editedCopy({ name, edits }: Ablation): string {
  const folder = join(root, '.build', 'ablations', name.replaceAll(' ', '-'))
  rmSync(folder, { recursive: true, force: true })
  const source = join(root, 'src')
  cpSync(source, join(folder, 'src'), { recursive: true, filter: (path) => !isOfTest.test(path) })
  for (const edit of edits) apply(edit, join(folder, 'src', edit.file))
  return pathToFileURL(join(folder, 'src', 'testing', 'index.ts')).href
}

function apply({ file, from, to }: Edit, path: string): void {
  const text = readFileSync(path, 'utf8')
  const pieces = text.split(from)
  if (pieces.length !== 2) {
    throw new Error(`expected once in src/${file}, found ${pieces.length - 1} times: ${from}`)
  }
  writeFileSync(path, pieces.join(to))
}
