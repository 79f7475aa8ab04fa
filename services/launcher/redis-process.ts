/**
 * A Redis of our own on 127.0.0.1, native or compiled to WebAssembly, and the faults that a
 * test or the tour wants to see: frozen, killed, back again on the same port with empty memory.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { exitText, OwnedProcess } from './owned-process.ts'
import { askRedis, pingMs } from './redis-probe.ts'
import type { RunRecord } from './run-record.ts'

/** How a kind of Redis is started; what can't be an argument is set once it answers. */
export interface RedisProgram {
  readonly command: string
  readonly args: (port: number) => readonly string[]
  /** CONFIG SET pairs, applied after each start. */
  readonly settings: Readonly<Record<string, string>>
  /** A slower median round trip than this is refused at start. */
  readonly pingMsMax?: number
  /** A Node process ends by itself when the channel to its parent closes. */
  readonly isNode: boolean
}

export interface RedisProcessOptions {
  readonly program: RedisProgram
  readonly port: number
  readonly folder: string
  readonly record: RunRecord
  readonly onLine: (line: string) => void
}

const startDeadlineMs = 15_000
const stopDeadlineMs = 3_000
const askDeadlineMs = 2_000

export class RedisProcess {
  readonly port: number
  readonly url: string
  /** Resolves when the server ended although nobody asked it to. */
  readonly lost: Promise<string>
  readonly #options: RedisProcessOptions
  readonly #reportLoss: (reason: string) => void
  #process: OwnedProcess | undefined

  /** Starts the server and resolves once it answers fast enough. */
  static async start(options: RedisProcessOptions): Promise<RedisProcess> {
    const redis = new RedisProcess(options)
    await redis.#launch()
    return redis
  }

  private constructor(options: RedisProcessOptions) {
    this.#options = options
    this.port = options.port
    this.url = `redis://127.0.0.1:${options.port}`
    let report: (reason: string) => void = () => {}
    this.lost = new Promise((resolve) => {
      report = resolve
    })
    this.#reportLoss = report
  }

  /** The id of the running process; `undefined` after `kill` or `stop`. */
  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** Stops it in its tracks (SIGSTOP): connections stay open and nothing is answered. */
  freeze(): void {
    this.#process?.send('SIGSTOP')
  }

  resume(): void {
    this.#process?.send('SIGCONT')
  }

  /** Kills it (SIGKILL); resolves when it is gone. */
  async kill(): Promise<void> {
    const process = this.#release()
    process?.send('SIGKILL')
    await process?.exited
  }

  /** Starts it again on the same port, killing it first if it runs. */
  async restart(): Promise<void> {
    await this.kill()
    await this.#launch()
  }

  async stop(): Promise<void> {
    await this.#release()?.stop(stopDeadlineMs)
  }

  async #launch(): Promise<void> {
    const { program, port, folder, record, onLine } = this.#options
    const process = await OwnedProcess.start({
      name: 'redis',
      command: program.command,
      args: program.args(port),
      environment: {},
      folder,
      record,
      onLine,
      hasChannel: program.isNode,
    })
    this.#process = process
    void process.exited.then((exit) => {
      if (this.#process === process) this.#reportLoss(`redis ended with ${exitText(exit)}`)
    })
    try {
      await this.#ready(process)
    } catch (error) {
      await this.kill()
      throw error
    }
  }

  async #ready(process: OwnedProcess): Promise<void> {
    const deadline = performance.now() + startDeadlineMs
    for (;;) {
      const problem = await this.#problem()
      if (problem === undefined) break
      if (!process.isRunning) {
        throw new Error(`${exitText(await process.exited)} at start:${process.tail}`)
      }
      if (performance.now() > deadline) {
        throw new Error(`not ready within ${startDeadlineMs} ms: ${problem}`)
      }
      await wait(10)
    }
    await this.#demandSpeed()
  }

  /** What keeps it from being ready; `undefined` once it answers and has its settings. */
  async #problem(): Promise<string | undefined> {
    try {
      await askRedis(this.url, askDeadlineMs, async (redis) => {
        await redis.ping()
        for (const [name, value] of Object.entries(this.#options.program.settings)) {
          await redis.config('SET', name, value)
        }
      })
      return undefined
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  async #demandSpeed(): Promise<void> {
    const { pingMsMax } = this.#options.program
    if (pingMsMax === undefined) return
    const measuredMs = await askRedis(this.url, askDeadlineMs, (redis) => pingMs(redis, pingMsMax))
    if (measuredMs <= pingMsMax) return
    throw new Error(`PING takes ${measuredMs.toFixed(1)} ms, at most ${pingMsMax} ms is accepted`)
  }

  #release(): OwnedProcess | undefined {
    const process = this.#process
    this.#process = undefined
    return process
  }
}
