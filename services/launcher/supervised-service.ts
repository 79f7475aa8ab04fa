/**
 * A service that comes back: when its process ends although nobody asked it to, another one is
 * started in its place, after a pause that grows. Who ends again and again without having stayed
 * up for a minute is given up, and the stage with it.
 *
 *   start ── ready ──▶ up ── ended ──▶ pause ──▶ start
 *                      └── ended the sixth time within a minute each ──▶ lost
 */
import { setTimeout as wait } from 'node:timers/promises'
import { backoffMs } from '../process/backoff.ts'
import { ServiceProcess, type ServiceProcessOptions } from './service-process.ts'

export interface SupervisedServiceOptions extends ServiceProcessOptions {
  /** Told of the process at every start. */
  readonly onStart: (pid: number) => void
  readonly onNote: (text: string) => void
}

const startsAgainMax = 5
const steadyMs = 60_000
const pause = { firstMs: 200, maxMs: 2_000 }

export class SupervisedService {
  /** Resolves with the reason when it is given up. */
  readonly lost: Promise<string>
  readonly #options: SupervisedServiceOptions
  readonly #closing = new AbortController()
  readonly #closed: Promise<undefined>
  #giveUp: (reason: string) => void = () => {}
  #service: ServiceProcess
  #keeping: Promise<void> = Promise.resolve()
  /** Since it was last steady. */
  #ends = 0

  /** Starts the process; resolves at once, `ready` waits for its health. */
  static async start(options: SupervisedServiceOptions): Promise<SupervisedService> {
    const service = await ServiceProcess.start(options)
    options.onStart(service.pid)
    return new SupervisedService(service, options)
  }

  private constructor(service: ServiceProcess, options: SupervisedServiceOptions) {
    this.#service = service
    this.#options = options
    this.lost = new Promise((resolve) => {
      this.#giveUp = resolve
    })
    this.#closed = new Promise((resolve) => {
      this.#closing.signal.addEventListener('abort', () => resolve(undefined))
    })
  }

  get url(): string {
    return this.#service.url
  }

  /** Resolves when it is up; from then on it is kept so. Rejects when its first start fails. */
  async ready(signal: AbortSignal): Promise<void> {
    await this.#service.ready(signal)
    this.#keeping = this.#keepUp()
  }

  async stop(): Promise<void> {
    this.#closing.abort()
    await this.#keeping
    await this.#service.stop()
  }

  async #keepUp(): Promise<void> {
    for (;;) {
      const upSinceMs = performance.now()
      const reason = await Promise.race([this.#service.lost, this.#closed])
      if (reason === undefined) return
      if (performance.now() - upSinceMs > steadyMs) this.#ends = 0
      this.#ends += 1
      if (this.#ends > startsAgainMax) return this.#giveUp(reason)
      await this.#startAgain(reason)
    }
  }

  async #startAgain(reason: string): Promise<void> {
    const { signal } = this.#closing
    const { name, onStart, onNote } = this.#options
    const pauseMs = backoffMs(pause, this.#ends - 1)
    onNote(`${reason}\n${name} is started again in ${pauseMs.toFixed(0)} ms`)
    try {
      await wait(pauseMs, undefined, { signal })
      this.#service = await ServiceProcess.start(this.#options)
      onStart(this.#service.pid)
      await this.#service.ready(signal)
      onNote(`${name}: up again on ${this.url}`)
    } catch (error) {
      // One that ended has said so by `lost`; one that is slow may still come up.
      if (!signal.aborted) onNote(`${name}: ${error instanceof Error ? error.message : error}`)
    }
  }
}
