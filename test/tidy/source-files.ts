/** The text files of the checkout that the tidy rules look at. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface SourceFile {
  /** From the root of the checkout, with forward slashes. */
  readonly path: string
  readonly text: string
}

export const checkout: string = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

const roots = ['src', 'services', 'test', 'bench', 'scripts', 'dashboard']
const codeEndings = ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.css']
const foreignFolders = new Set(['node_modules', 'dist', '.build', '.cache', 'results'])

/** Everything written by hand, in the order of its paths. */
export function sourceFiles(): readonly SourceFile[] {
  const paths = roots.flatMap((root) => pathsUnder(join(checkout, root)))
  const code = paths.filter((path) => codeEndings.some((ending) => path.endsWith(ending)))
  return code.sort().map((path) => ({
    path: relative(checkout, path).split(sep).join('/'),
    text: readFileSync(path, 'utf8'),
  }))
}

/** One file of the checkout, such as a page of the documents. */
export function readCheckout(path: string): string {
  return readFileSync(join(checkout, path), 'utf8')
}

export function isScript({ path }: SourceFile): boolean {
  return !path.endsWith('.css')
}

/** Tests and what only tests use: never part of the package or of a running service. */
export function isTest({ path }: SourceFile): boolean {
  return /\.test(-[a-z]+)?\.ts$/.test(path) || /(^test|^services\/[^/]+\/testing)\//.test(path)
}

function pathsUnder(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (foreignFolders.has(entry.name)) return []
      const path = join(folder, entry.name)
      return entry.isDirectory() ? pathsUnder(path) : [path]
    })
  } catch (error) {
    // A root that does not exist yet has no files; anything else is a fault.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
