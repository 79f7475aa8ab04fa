/** A worker as the command sees it: a process of its own, which can be stopped and killed. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Line } from './line.ts'
import { within } from './pause.ts'
import type { WallClock } from './wall-clock.ts'
import type { DatabaseCalls, WorkerCalls, WorkerInit } from './worker-calls.ts'

/** The file beside this one, from source or built. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
const file: string = fileURLToPath(new URL(`./worker.${extension}`, import.meta.url))

const openMsMax = 30_000
const closeMsMax = 5_000
const tailCharsMax = 2_000

export interface WorkerPlan {
  readonly init: WorkerInit
  readonly database: DatabaseCalls
  /** Its own; undefined: that of the machine. */
  readonly clock: WallClock | undefined
  /** Told why, when it ends although nobody wanted it to. */
  readonly onLost: (reason: string) => void
}

export class WorkerProcess {
  readonly name: string
  readonly line: Line<WorkerCalls>
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<void>
  readonly #init: WorkerInit
  readonly #child: ChildProcess
  #isWanted = true
  #tail = ''

  constructor({ init, database, clock, onLost }: WorkerPlan) {
    this.#init = init
    const name = init.process
    this.name = name
    const node = [...(clock?.wrapper ?? []), process.execPath, ...process.execArgv]
    const [execPath = process.execPath, ...execArgv] = node
    const child = fork(file, { execPath, execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    this.#child = child
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#tail = `${this.#tail}${text}`.slice(-tailCharsMax)
    })
    const send = (message: unknown) => {
      // One that has just ended has closed its channel; the end itself is what is told.
      if (child.connected && isSendable(message)) child.send(message, () => {})
    }
    const listen = (receive: (message: unknown) => void) => void child.on('message', receive)
    this.line = new Line<WorkerCalls>({ send, listen }, database)
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        const reason = `${name} ended with ${signal ?? code}: ${this.#tail}`
        this.line.cut(reason)
        if (this.#isWanted) onLost(reason)
        resolve()
      })
    })
  }

  /** Resolves once it works; one that does not is ended. */
  async open(): Promise<void> {
    try {
      await this.line.call('open', this.#init, openMsMax)
    } catch (error) {
      await this.kill()
      throw error
    }
  }

  pause(): void {
    this.#child.kill('SIGSTOP')
  }

  resume(): void {
    this.#child.kill('SIGCONT')
  }

  async kill(): Promise<void> {
    this.#isWanted = false
    this.#child.kill('SIGKILL')
    // One that could not even be started never ends.
    await within(this.ended, closeMsMax, 'a worker to end').catch(() => {})
  }

  /** Lets it close its cache, and ends it in any case. */
  async close(): Promise<void> {
    this.#isWanted = false
    this.resume()
    await within(this.line.call('close', {}), closeMsMax, 'a worker to close').catch(() => {})
    await this.kill()
  }
}

function isSendable(message: unknown): message is object {
  return typeof message === 'object' && message !== null
}
