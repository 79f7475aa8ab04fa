/** The source files below a folder, in the order of their names, as far as the bounds allow. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { StaleproofError } from '../../core/errors.ts'

export const filesMax = 20_000
export const fileBytesMax = 1_000_000
export const depthMax = 24

const skippedFolders: ReadonlySet<string> = new Set([
  'node_modules',
  'dist',
  'build',
  'coverage',
  'vendor',
  // Tests may do what a service must not.
  '__mocks__',
  '__tests__',
  'test',
  'tests',
])
const sourceNames = /\.([cm]?[jt]s|[jt]sx)$/
const otherNames = /\.d\.[cm]?ts$|\.min\.[cm]?js$|\.(test|spec)(-\w+)?\.[^.]+$/

export interface SourceText {
  /** Below the folder, with slashes. */
  readonly path: string
  readonly text: string
}

/** What the walk left out, and why. */
export interface LeftOut {
  readonly path: string
  readonly why: 'too large' | 'too deep' | 'unreadable' | 'too many files' | 'not parsed'
}

/** Throws `SP_OPTION_INVALID` for a folder that can't be read; one below it is left out. */
export async function* sourceTexts(folder: string): AsyncGenerator<SourceText | LeftOut> {
  await readdir(folder).catch((cause: unknown) => {
    const received = cause instanceof Error ? cause.message : String(cause)
    const details = { expected: 'a folder that can be read', received, cause }
    throw new StaleproofError('SP_OPTION_INVALID', `the source code in ${folder}`, details)
  })
  let files = 0
  for await (const { path, why } of walk(folder, folder, 0)) {
    if (why !== undefined) yield { path, why }
    else if (files === filesMax) return yield { path, why: 'too many files' }
    else {
      files += 1
      yield await textOf(folder, path)
    }
  }
}

async function textOf(folder: string, path: string): Promise<SourceText | LeftOut> {
  const place = join(folder, path)
  try {
    const { size } = await stat(place)
    if (size > fileBytesMax) return { path, why: 'too large' }
    return { path, text: await readFile(place, 'utf8') }
  } catch {
    return { path, why: 'unreadable' }
  }
}

interface Step {
  readonly path: string
  readonly why?: LeftOut['why']
}

async function* walk(root: string, folder: string, depth: number): AsyncGenerator<Step> {
  const at = relative(root, folder).replaceAll('\\', '/')
  if (depth > depthMax) return yield { path: at, why: 'too deep' }
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined)
  if (entries === undefined) return yield { path: at, why: 'unreadable' }
  entries.sort((one, other) => (one.name < other.name ? -1 : 1))
  for (const entry of entries) {
    // Links are not followed: they may lead in circles.
    if (entry.isDirectory() && !skippedFolders.has(entry.name) && !entry.name.startsWith('.')) {
      yield* walk(root, join(folder, entry.name), depth + 1)
    } else if (entry.isFile() && sourceNames.test(entry.name) && !otherNames.test(entry.name)) {
      yield { path: at === '' ? entry.name : `${at}/${entry.name}` }
    }
  }
}
