/**
 * The journal on disk: the one door to the file system. Each cache has a file of its own
 * in the folder, named by whom it belongs to:
 *
 *   <namespace>_<host>_<process id>_<token>.pending      parts are percent-encoded
 *
 * A file is adopted by renaming it, so by one successor alone. An owner on this host is
 * dead if its process is; the own process id with another token is an earlier process, as
 * containers start each with 1. Of others only silence tells. To adopt the file of a
 * living owner does no harm: files are opened by path for each write, so what the owner
 * adds goes into a new one, and what is delivered twice costs a miss.
 */
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { encodePercent } from './base/percent.ts'
import type { Spool } from './core/contracts/spool.ts'
import { StaleproofError } from './core/errors.ts'

/** A file of an owner that can't be asked is adopted when nothing was added for so long. */
const silenceMs = 10 * 60_000
/** A larger file is none that this library has written. */
const fileBytesMax = 256 * 1_024 * 1_024
const suffix = '.pending'

export interface FolderSpoolOptions {
  readonly folder: string
  readonly namespace: string
  /** Never used before. */
  readonly token: () => string
  readonly wallMs: () => number
}

export class FolderSpool implements Spool {
  readonly #options: FolderSpoolOptions
  readonly #path: string
  #isEmpty = true

  constructor(options: FolderSpoolOptions) {
    this.#options = options
    this.#path = this.#ownPath()
  }

  open(): Promise<void> {
    return this.#guard(async () => {
      await mkdir(this.#options.folder, { recursive: true })
      await write(this.#path, 'a', '')
    })
  }

  async *adopt(): AsyncGenerator<readonly string[], void> {
    for (const name of await this.#guard(() => readdir(this.#options.folder))) {
      const lines = await this.#guard(async () => {
        return (await this.#isLeft(name)) ? this.#take(name) : []
      })
      if (lines.length > 0) yield lines
    }
  }

  append(lines: readonly string[]): Promise<void> {
    this.#isEmpty = false
    return this.#guard(() => write(this.#path, 'a', textOf(lines)))
  }

  rewrite(lines: readonly string[]): Promise<void> {
    return this.#guard(async () => {
      // Left by a crash it is a file like any other: what it says is pending, or was delivered.
      const draft = this.#ownPath()
      await write(draft, 'w', textOf(lines))
      await rename(draft, this.#path)
      this.#isEmpty = lines.length === 0
    })
  }

  async close(): Promise<void> {
    if (this.#isEmpty) await this.#guard(() => rm(this.#path, { force: true }))
  }

  #ownPath(): string {
    const { folder, namespace, token } = this.#options
    const parts = [namespace, hostname(), String(process.pid), token()]
    return join(folder, `${parts.map(encodePercent).join('_')}${suffix}`)
  }

  async #isLeft(name: string): Promise<boolean> {
    const { folder, namespace, wallMs } = this.#options
    const path = join(folder, name)
    if (!name.endsWith(suffix)) return false
    const [owned, host, processId] = name.split('_')
    if (owned !== encodePercent(namespace) || path === this.#path) return false
    if (host === encodePercent(hostname()) && !isAlive(Number(processId))) return true
    const changedMs = (await orGone(stat(path)))?.mtimeMs ?? Number.POSITIVE_INFINITY
    return wallMs() - changedMs > silenceMs
  }

  /** Kept under an own name until its lines are in the own file. */
  async #take(name: string): Promise<readonly string[]> {
    const taken = this.#ownPath()
    const path = join(this.#options.folder, name)
    // Another successor may be faster.
    if ((await orGone(rename(path, taken).then(() => true))) === undefined) return []
    const size = (await orGone(stat(taken)))?.size ?? 0
    const text = size > fileBytesMax ? '\n' : await orGone(readFile(taken, 'utf8'))
    // What follows the last end of a line was cut off before anybody was told of it.
    const lines = text?.split('\n').slice(0, -1) ?? []
    if (lines.length > 0) {
      this.#isEmpty = false
      await write(this.#path, 'a', textOf(lines))
    }
    await rm(taken, { force: true })
    return lines
  }

  async #guard<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step()
    } catch (cause) {
      const message = `the folder '${this.#options.folder}' can not be used`
      throw new StaleproofError('SP_JOURNAL_UNWRITABLE', message, { cause })
    }
  }
}

/** On disk when it resolves. */
async function write(path: string, flag: 'a' | 'w', text: string): Promise<void> {
  const file = await open(path, flag)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

/** Undefined: the file has gone. */
async function orGone<T>(step: Promise<T>): Promise<T | undefined> {
  try {
    return await step
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** False for the own process too: whoever asks has another token. */
function isAlive(processId: number): boolean {
  if (processId === process.pid || !Number.isSafeInteger(processId)) return false
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    // It is there and somebody else's.
    return codeOf(error) === 'EPERM'
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
