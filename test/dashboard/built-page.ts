/** The page, built for a test file into a folder of its own: never old, never half written. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { checkout } from '../tidy/source-files.ts'

export interface BuiltPage {
  readonly folder: string
  remove(): void
}

export async function buildPage(): Promise<BuiltPage> {
  const folder = mkdtempSync(join(tmpdir(), 'staleproof-dashboard-'))
  const configFile = join(checkout, 'dashboard', 'vite.config.ts')
  await build({ configFile, logLevel: 'error', build: { outDir: folder } })
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
