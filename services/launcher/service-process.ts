/** One service of the stage in a process of its own, up once its `/health` answers 200. */
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { exitText, OwnedProcess } from './owned-process.ts'
import type { RunRecord } from './run-record.ts'
import { siblingModule } from './sibling-module.ts'

export interface ServiceProcessOptions {
  readonly name: string
  /** The path of its main module. */
  readonly module: string
  readonly port: number
  readonly environment: Readonly<Record<string, string>>
  /** Arguments for Node, as a loader for TypeScript. */
  readonly nodeArguments: readonly string[]
  readonly record: RunRecord
  readonly onLine: (line: string) => void
}

const healthDeadlineMs = 60_000
const healthTimeoutMs = 2_000
const healthPauseMs = 50
const stopDeadlineMs = 5_000

export class ServiceProcess {
  readonly name: string
  readonly url: string
  /** Resolves when the service ended although nobody asked it to. */
  readonly lost: Promise<string>
  readonly #process: OwnedProcess
  #isStopping = false

  /** Starts the process; resolves at once, `ready` waits for its health. */
  static async start(options: ServiceProcessOptions): Promise<ServiceProcess> {
    const guard = pathToFileURL(siblingModule('parent-guard')).href
    const process = await OwnedProcess.start({
      name: options.name,
      command: globalThis.process.execPath,
      args: [...options.nodeArguments, '--import', guard, options.module],
      environment: options.environment,
      record: options.record,
      onLine: options.onLine,
      hasChannel: true,
    })
    return new ServiceProcess(process, options)
  }

  private constructor(process: OwnedProcess, options: ServiceProcessOptions) {
    this.name = options.name
    this.url = `http://127.0.0.1:${options.port}`
    this.#process = process
    this.lost = new Promise((resolve) => {
      void process.exited.then((exit) => {
        if (this.#isStopping) return
        resolve(`${this.name} ended with ${exitText(exit)}; its last lines:${process.tail}`)
      })
    })
  }

  get pid(): number {
    return this.#process.pid
  }

  /** Resolves when `/health` answers 200; rejects when it ends, is aborted or takes too long. */
  async ready(signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + healthDeadlineMs
    for (;;) {
      const answer = await this.#health()
      if (answer === '200') return
      signal.throwIfAborted()
      if (!this.#process.isRunning) throw new Error(await this.lost)
      if (performance.now() > deadline) throw new Error(this.#lateText(answer))
      await wait(healthPauseMs)
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#process.stop(stopDeadlineMs)
  }

  async #health(): Promise<string> {
    try {
      const signal = AbortSignal.timeout(healthTimeoutMs)
      const answer = await fetch(`${this.url}/health`, { signal })
      await answer.body?.cancel()
      return String(answer.status)
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  #lateText(answer: string): string {
    const within = `within ${healthDeadlineMs / 1000} s`
    return (
      `${this.name} did not answer 200 on ${this.url}/health ${within} ` +
      `(last answer: ${answer}); its last lines:${this.#process.tail}`
    )
  }
}
