/**
 * A user of the packed package, in a folder of its own: the built tarball and what it
 * depends on, installed by npm as the lock file has it, from npm's cache where it can.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkout } from '../tidy/source-files.ts'

const stepDeadlineMs = 120_000
/** Optional peers that some entry points need, as their users bring them. */
const peers = ['@nestjs/common', '@opentelemetry/api', 'prom-client', 'reflect-metadata', 'rxjs']
/** What a user brings to compile: the compiler itself and the types of Node. */
const compilePackages = ['@types/node', 'undici-types']

/** The part of a lock file that tells what is installed where. */
type LockedPackages = Readonly<Record<string, LockedPackage>>

interface LockedPackage {
  readonly version?: string
  readonly dev?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
}

export interface Run {
  readonly status: number | null
  /** What was printed, errors behind the rest. */
  readonly output: string
}

export class Consumer {
  readonly folder: string
  /** Paths in the tarball. */
  readonly packed: readonly string[]

  private constructor(folder: string, packed: readonly string[]) {
    this.folder = folder
    this.packed = packed
  }

  /** Throws, with what npm said, if the package can't be packed or installed. */
  static install(): Consumer {
    const folder = mkdtempSync(join(tmpdir(), 'staleproof-package-'))
    try {
      const { filename, paths } = pack(folder)
      writeProject(folder, filename)
      must(run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], folder))
      return new Consumer(folder, paths)
    } catch (error) {
      rmSync(folder, { recursive: true })
      throw error
    }
  }

  /** Writes a file into the folder and runs it. */
  node(name: string, text: string): Run {
    writeFileSync(join(this.folder, name), text)
    return run(process.execPath, ['--no-warnings', name], this.folder)
  }

  /** Runs a command that the package brings. */
  command(name: string, ...args: readonly string[]): Run {
    return run(join(this.folder, 'node_modules', '.bin', name), args, this.folder)
  }

  /** Compiles a file against the declarations in the tarball, checking those too. */
  compile(name: string, text: string): Run {
    for (const one of compilePackages) this.#bring(one)
    writeFileSync(join(this.folder, name), text)
    const tsc = join(checkout, 'node_modules', 'typescript', 'bin', 'tsc')
    const flags = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false']
    const modules = ['--module', 'nodenext', '--target', 'es2023', '--types', 'node']
    return run(process.execPath, [tsc, '--noEmit', ...flags, ...modules, name], this.folder)
  }

  /** A folder with the package and nothing else. */
  alone(): Consumer {
    const folder = join(this.folder, 'bare')
    const place = join('node_modules', 'staleproof')
    cpSync(join(this.folder, place), join(folder, place), { recursive: true })
    // Node would look for the others in the folders above.
    rmSync(join(this.folder, 'node_modules'), { recursive: true })
    return new Consumer(folder, this.packed)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  #bring(name: string): void {
    const from = join(checkout, 'node_modules', name)
    cpSync(from, join(this.folder, 'node_modules', name), { recursive: true })
  }
}

function pack(folder: string): { filename: string; paths: readonly string[] } {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const packed = spawnSync('npm', args, {
    cwd: checkout,
    encoding: 'utf8',
    timeout: stepDeadlineMs,
  })
  if (packed.status !== 0) throw new Error(`npm pack failed: ${packed.stderr}`)
  const [{ filename, files }] = JSON.parse(packed.stdout) as [
    { filename: string; files: readonly { path: string }[] },
  ]
  return { filename, paths: files.map(({ path }) => path) }
}

/** A lock file made from ours: the same versions, without what only we develop with. */
function writeProject(folder: string, tarball: string): void {
  mkdirSync(folder, { recursive: true })
  const lock: { readonly packages: LockedPackages } = JSON.parse(
    readFileSync(join(checkout, 'package-lock.json'), 'utf8'),
  )
  const { '': own, ...others } = lock.packages
  const brought = placesOf(peers, others)
  const needed = Object.entries(others)
    .filter(([place, { dev }]) => dev !== true || brought.has(place))
    .map(([place, { dev: _, ...one }]) => [place, one])
  const project = {
    name: 'consumer',
    version: '1.0.0',
    type: 'module',
    dependencies: {
      ...Object.fromEntries(peers.map((name) => [name, others[placeOf(name)]?.version])),
      staleproof: `file:${tarball}`,
    },
  }
  const { version, bin } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'))
  const packages = {
    '': project,
    'node_modules/staleproof': {
      version,
      bin,
      resolved: `file:${tarball}`,
      dependencies: own?.dependencies,
    },
    ...Object.fromEntries(needed),
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(project))
  const text = JSON.stringify({ ...project, lockfileVersion: 3, requires: true, packages })
  writeFileSync(join(folder, 'package-lock.json'), text)
}

/** Where packages and all that they depend on stand, as the lock file has it. */
function placesOf(names: readonly string[], packages: LockedPackages): ReadonlySet<string> {
  const places = new Set<string>()
  const add = (name: string): void => {
    const place = placeOf(name)
    if (places.has(place)) return
    for (const other of Object.keys(packages)) {
      if (other === place || other.startsWith(`${place}/node_modules/`)) places.add(other)
    }
    for (const needed of Object.keys(packages[place]?.dependencies ?? {})) add(needed)
  }
  for (const name of names) add(name)
  return places
}

function placeOf(name: string): string {
  return `node_modules/${name}`
}

function must({ status, output }: Run): void {
  if (status !== 0) throw new Error(`npm ci of the packed package failed:\n${output}`)
}

function run(command: string, args: readonly string[], cwd: string): Run {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: stepDeadlineMs,
  })
  return { status, output: `${stdout ?? ''}${stderr ?? ''}`.trim() }
}
