/** Folders of a run: one that is gone when the command is, or one that is kept. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StaleproofError } from '../../core/errors.ts'

export interface Folder {
  readonly path: string
  /** Removes it, unless it is to be kept. */
  leave(): void
}

/** Removed however the command ends. */
export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'staleproof-verify-'))
  const leave = () => {
    process.off('exit', leave)
    rmSync(path, { recursive: true, force: true })
  }
  process.once('exit', leave)
  return { path, leave }
}

/** Throws `SP_OPTION_INVALID` for one with files in it: a history is of one run. */
export function keptFolder(path: string): Folder {
  mkdirSync(path, { recursive: true })
  if (readdirSync(path).length === 0) return { path, leave: () => {} }
  const details = { expected: 'a folder that is empty or does not exist', received: path }
  throw new StaleproofError('SP_OPTION_INVALID', "verify: option '--history'", details)
}
