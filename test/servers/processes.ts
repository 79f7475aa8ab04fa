/**
 * Operating-system processes for tests: each runs a TypeScript file from source, with the
 * library resolved to `src`, and answers calls. A process can be paused, which is what a
 * garbage collection, a swapped-out container or a closed laptop lid look like to the others.
 */
import { fileURLToPath } from 'node:url'
import { exitText, OwnedProcess } from '../../services/launcher/owned-process.ts'
import { RunRecord } from '../../services/launcher/run-record.ts'
import { runFolder } from './run-folder.ts'
import type { Calls, WorkerAnswer } from './worker.ts'

/** Arguments with which Node 20 runs our TypeScript and finds the library in `src`. */
export const typescriptArguments: readonly string[] = [
  '--conditions=staleproof-source',
  '--enable-source-maps',
  '--import',
  new URL('./typescript-loader.mjs', import.meta.url).href,
]

export interface WorkerOptions {
  /** How long the start and each call may take; 30 s by default. */
  readonly deadlineMs?: number
  /** Added to the environment of the test run. */
  readonly environment?: Readonly<Record<string, string>>
}

const deadlineMsDefault = 30_000
const stopDeadlineMs = 5_000

/**
 * Starts a process on a file that calls `serveCalls` and resolves once it serves.
 * `spawnWorker<Handlers>` types the calls: `worker.call('get', 7)`.
 */
export async function spawnWorker<Handlers extends Calls>(
  file: URL | string,
  init: unknown,
  options: WorkerOptions = {},
): Promise<TestWorker<Handlers>> {
  const record = new RunRecord(runFolder)
  const process = await OwnedProcess.start({
    name: 'test worker',
    command: globalThis.process.execPath,
    args: [...typescriptArguments, file instanceof URL ? fileURLToPath(file) : file],
    environment: { ...inherited(), ...options.environment },
    record,
    onLine: () => {},
    hasChannel: true,
  })
  const worker = new TestWorker<Handlers>(process, record, options.deadlineMs ?? deadlineMsDefault)
  try {
    await worker.open(init)
  } catch (error) {
    await worker.kill()
    throw error
  }
  return worker
}

interface Waiter {
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
}

export class TestWorker<Handlers extends Calls> {
  readonly pid: number
  readonly #process: OwnedProcess
  readonly #deadlineMs: number
  readonly #waiters = new Map<number, Waiter>()
  readonly #ended: Promise<void>
  #lastCall = 0

  constructor(process: OwnedProcess, record: RunRecord, deadlineMs: number) {
    this.pid = process.pid
    this.#process = process
    this.#deadlineMs = deadlineMs
    process.onMessage((message) => this.#settle(message))
    this.#ended = process.exited.then((exit) => {
      record.close()
      const error = new Error(`the worker ended with ${exitText(exit)}:${process.tail}`)
      for (const waiter of this.#waiters.values()) waiter.reject(error)
      this.#waiters.clear()
    })
  }

  /** Hands over the worker's first argument; for `spawnWorker`. */
  async open(init: unknown): Promise<void> {
    await this.#ask({ init }, 'the start of the worker')
  }

  /**
   * Calls a handler of the worker. Rejects with the handler's error (message, name and code),
   * when the worker ends, and after the deadline.
   */
  call<Name extends keyof Handlers & string>(
    name: Name,
    ...args: Parameters<Handlers[Name]>
  ): Promise<Awaited<ReturnType<Handlers[Name]>>> {
    return this.#ask({ name, args }, `the call "${name}"`)
  }

  /** SIGSTOP; calls made meanwhile are answered after `resume`. */
  pause(): void {
    this.#process.send('SIGSTOP')
  }

  /** SIGCONT. */
  resume(): void {
    this.#process.send('SIGCONT')
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#process.send('SIGKILL')
    await this.#ended
  }

  /** SIGTERM, which ends a worker at once; SIGKILL after a deadline. */
  async stop(): Promise<void> {
    await this.#process.stop(stopDeadlineMs)
    await this.#ended
  }

  #ask<Answer>(request: object, what: string): Promise<Answer> {
    this.#lastCall += 1
    const id = this.#lastCall
    return new Promise<Answer>((resolve, reject) => {
      if (!this.#process.isRunning) reject(new Error(`${what}: the worker has ended`))
      const timer = setTimeout(() => {
        this.#waiters.delete(id)
        reject(new Error(`${what} had no answer within ${this.#deadlineMs} ms`))
      }, this.#deadlineMs)
      const settled =
        <Value>(then: (value: Value) => void) =>
        (value: Value) => {
          clearTimeout(timer)
          then(value)
        }
      this.#waiters.set(id, { resolve: settled(resolve), reject: settled(reject) })
      this.#process.post({ id, ...request })
    })
  }

  #settle(message: unknown): void {
    if (!isAnswer(message)) return
    const waiter = this.#waiters.get(message.id)
    this.#waiters.delete(message.id)
    if ('failure' in message) {
      waiter?.reject(Object.assign(new Error(message.failure.message), message.failure))
    } else {
      // The type is what the caller says that the worker's file serves.
      waiter?.resolve(message.value as never)
    }
  }
}

function isAnswer(message: unknown): message is WorkerAnswer {
  return typeof message === 'object' && message !== null && 'id' in message
}

function inherited(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry) => entry[1] !== undefined)
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}
