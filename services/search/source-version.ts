/**
 * The version of what a folder of code computes: a hash of its files, so that nobody has to
 * remember to raise a number (a changed ranking retires what the old one has found).
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

/** Tests and maps decide no result. */
const codeFile = /^[^.]+\.(js|ts)$/

/** 16 hex digits; the same in every process that runs the same build. */
export function sourceVersion(folder: URL): string {
  const hash = createHash('sha256')
  const names = readdirSync(folder).filter((file) => codeFile.test(file))
  for (const name of names.sort()) {
    hash.update(`${name}\n`).update(readFileSync(new URL(name, folder)))
  }
  return hash.digest('hex').slice(0, 16)
}
