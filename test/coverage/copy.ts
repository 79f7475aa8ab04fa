/** A copy of the checkout in which edits are tried, with the dependencies of the original. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RunRecord, temporaryPrefix } from '../../services/launcher/run-record.ts'
import { runFolder } from '../servers/run-folder.ts'
import { type CoverageEdit, edited } from './edit.ts'

const checkout = fileURLToPath(new URL('../../', import.meta.url))
/** Made by tools, or not needed by any test of an edit. */
const skipped = new Set(['node_modules', '.git', '.build', '.data', 'dist', 'coverage', 'results'])

export class CheckoutCopy {
  readonly folder: string
  readonly #record: RunRecord

  private constructor(folder: string, record: RunRecord) {
    this.folder = folder
    this.#record = record
  }

  /** Recorded, so that what a killed run leaves is removed by the next tests. */
  static make(): CheckoutCopy {
    const record = new RunRecord(runFolder)
    const folder = mkdtempSync(join(tmpdir(), `${temporaryPrefix}prove-`))
    record.addFolder(folder)
    const filter = (path: string) => !skipped.has(basename(path))
    for (const name of readdirSync(checkout)) {
      if (skipped.has(name)) continue
      cpSync(join(checkout, name), join(folder, name), { recursive: true, filter })
    }
    symlinkSync(join(checkout, 'node_modules'), join(folder, 'node_modules'))
    return new CheckoutCopy(folder, record)
  }

  /** Applies an edit while `act` runs. */
  async during<R>(edit: CoverageEdit, act: () => Promise<R>): Promise<R> {
    const path = join(this.folder, edit.file)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, edited(text, edit))
    try {
      return await act()
    } finally {
      writeFileSync(path, text)
    }
  }

  remove(): void {
    this.#record.close()
  }
}
