/**
 * A child process that the launcher answers for: recorded while it lives, in a process group
 * of its own (a Ctrl-C in the terminal must reach the launcher alone, which ends the parts in
 * order), with its last lines kept for the message when it fails.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { splitLines } from './line-splitter.ts'
import { sendSignal } from './process-identity.ts'
import type { RunRecord } from './run-record.ts'

export interface OwnedProcessOptions {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly onLine: (line: string) => void
  readonly record: RunRecord
  readonly folder?: string
  /** Another user to run as; only root can ask for it. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined
  /** A channel whose end tells a Node child that its parent has died. */
  readonly hasChannel?: boolean
  /** What asks it to end; SIGTERM by default. */
  readonly stopSignal?: NodeJS.Signals
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

const tailLinesMax = 20

export class OwnedProcess {
  readonly name: string
  readonly pid: number
  /** Resolves when the process has ended, however it did; never rejects. */
  readonly exited: Promise<Exit>
  readonly #child: ChildProcess
  readonly #stopSignal: NodeJS.Signals
  readonly #tail: string[] = []
  #isRunning = true

  /** Starts the process; rejects when the system refuses to (not found, no permission). */
  static async start(options: OwnedProcessOptions): Promise<OwnedProcess> {
    const child = spawn(options.command, options.args, {
      cwd: options.folder,
      detached: true,
      env: { ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe', ...(options.hasChannel ? (['ipc'] as const) : [])],
      serialization: 'advanced',
      ...options.account,
    })
    const pid = await spawned(child)
    return new OwnedProcess(child, pid, options)
  }

  private constructor(child: ChildProcess, pid: number, options: OwnedProcessOptions) {
    this.name = options.name
    this.pid = pid
    this.#stopSignal = options.stopSignal ?? 'SIGTERM'
    this.#child = child
    options.record.addProcess(options.name, pid, this.#stopSignal)
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#isRunning = false
        options.record.removeProcess(pid)
        resolve({ code, signal })
      })
    })
    for (const stream of [child.stdout, child.stderr]) {
      const split = splitLines((line) => this.#take(line, options.onLine))
      stream?.setEncoding('utf8').on('data', split)
    }
    // A message to or from a child that is ending may fail; its exit tells all that matters.
    child.on('error', () => {})
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  /** The last lines that it wrote, for an error message. */
  get tail(): string {
    return this.#tail.map((line) => `\n    ${line}`).join('')
  }

  send(signal: NodeJS.Signals): void {
    if (this.#isRunning) sendSignal(this.pid, signal)
  }

  /** Sends a message through the channel; one to a process that has ended is lost. */
  post(message: object): void {
    if (this.#child.connected) this.#child.send(message, () => {})
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#child.on('message', listener)
  }

  /** Asks it to end, wakes it if it was stopped, and kills it after the deadline. */
  async stop(deadlineMs: number): Promise<void> {
    this.send(this.#stopSignal)
    this.send('SIGCONT')
    const timer = setTimeout(() => this.send('SIGKILL'), deadlineMs)
    await this.exited
    clearTimeout(timer)
  }

  #take(line: string, onLine: (line: string) => void): void {
    this.#tail.push(line)
    if (this.#tail.length > tailLinesMax) this.#tail.shift()
    onLine(line)
  }
}

/** `exit code 3` or `signal SIGKILL`. */
export function exitText({ code, signal }: Exit): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`
}

function spawned(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('spawn', () => {
      child.off('error', reject)
      if (child.pid === undefined) reject(new Error('a started process has no id'))
      else resolve(child.pid)
    })
  })
}
