/** Runs the command from source as its user would: words, variables, and a folder of its own. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { typescriptArguments } from '../servers/processes.ts'

export const mainFile: string = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export interface Ended {
  /** Undefined: it was ended by a signal. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly ended: Promise<Ended>
  /** Resolves to all of stdout once it has this text. */
  printed(text: string): Promise<string>
  said(text: string): Promise<string>
  signal(name: 'SIGINT' | 'SIGTERM'): void
}

export interface Surroundings {
  readonly variables?: Readonly<Record<string, string>>
  /** Its working folder; by default an empty one. */
  readonly folder?: string
}

const commandMsMax = 45_000
/** Of whoever runs the tests; the command is to see none of it. */
const hidden = { REDIS_URL: '', STALEPROOF_TOKEN: '', STALEPROOF_URL: '', NO_COLOR: '' }

export function startCommand(words: readonly string[], surroundings: Surroundings = {}): Running {
  const folder = surroundings.folder ?? mkdtempSync(join(tmpdir(), 'staleproof-command-'))
  const child = spawn(process.execPath, [...typescriptArguments, mainFile, ...words], {
    cwd: folder,
    env: { ...process.env, ...hidden, ...surroundings.variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: commandMsMax,
  })
  const end = () => child.kill('SIGTERM')
  process.once('exit', end)
  const [stdout, stderr] = [new Watched(child.stdout), new Watched(child.stderr)]
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      process.off('exit', end)
      if (surroundings.folder === undefined) rmSync(folder, { recursive: true })
      resolve({ code: code ?? undefined, stdout: stdout.text, stderr: stderr.text })
    })
  })
  return {
    ended,
    printed: (text) => stdout.has(text),
    said: (text) => stderr.has(text),
    signal: (name) => child.kill(name),
  }
}

export function runCommand(
  words: readonly string[],
  surroundings: Surroundings = {},
): Promise<Ended> {
  return startCommand(words, surroundings).ended
}

class Watched {
  text = ''
  readonly #waiting = new Map<string, (text: string) => void>()

  constructor(stream: NodeJS.ReadableStream) {
    stream.setEncoding('utf8')
    stream.on('data', (part: string) => {
      this.text += part
      for (const [wanted, resolve] of this.#waiting)
        if (this.text.includes(wanted)) resolve(this.text)
    })
  }

  has(wanted: string): Promise<string> {
    return new Promise((resolve) => {
      this.#waiting.set(wanted, resolve)
      if (this.text.includes(wanted)) resolve(this.text)
    })
  }
}
