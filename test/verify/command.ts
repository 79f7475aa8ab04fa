/** Runs the command `staleproof` from source, with a temporary folder of its own. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { typescriptArguments } from '../servers/processes.ts'

const commandMsMax = 150_000
const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export interface Ended {
  /** Undefined: it was ended by a signal. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
  /** What it left in its temporary folder. */
  readonly leftFiles: readonly string[]
}

export interface RunningCommand {
  readonly pid: number
  readonly ended: Promise<Ended>
  /** Resolves when it has said this on stderr; rejects when it ends without. */
  said(text: string): Promise<void>
  /** To the whole group of processes, as a terminal does. */
  signal(name: 'SIGINT' | 'SIGTERM'): void
}

export function startCommand(...args: readonly string[]): RunningCommand {
  const folder = mkdtempSync(join(tmpdir(), 'staleproof-command-'))
  const child = spawn(process.execPath, [...typescriptArguments, main, ...args], {
    env: { ...process.env, TMPDIR: folder, REDIS_URL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    // Asked to end, it says how far it came.
    timeout: commandMsMax,
  })
  let [stdout, stderr] = ['', '']
  const waiting = new Map<string, () => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    for (const [wanted, resolve] of waiting) if (stderr.includes(wanted)) resolve()
  })
  // A test that fails leaves it running, and the test run must not.
  const end = () => child.kill('SIGTERM')
  process.once('exit', end)
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      process.off('exit', end)
      const leftFiles = readdirSync(folder)
      rmSync(folder, { recursive: true })
      resolve({ code: code ?? undefined, stdout, stderr, leftFiles })
    })
  })
  return {
    pid: child.pid ?? 0,
    ended,
    said: (text) =>
      new Promise((resolve, reject) => {
        waiting.set(text, resolve)
        if (stderr.includes(text)) resolve()
        const silent = () => reject(new Error(`it ended without "${text}": ${stderr}`))
        void ended.then(silent, reject)
      }),
    signal: (name) => child.pid !== undefined && process.kill(-child.pid, name),
  }
}

export function runCommand(...args: readonly string[]): Promise<Ended> {
  return startCommand(...args).ended
}
