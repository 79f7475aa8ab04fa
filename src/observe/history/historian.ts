/**
 * Writes a sample a minute, in one of all processes: the one that holds the lock. Should Redis
 * forget the lock, two write for a while, which does no harm to charts.
 */
import type { CacheMethods } from '../../core/cache.ts'
import type { Clock } from '../../core/contracts/clock.ts'
import { isStaleproofError } from '../../core/errors.ts'
import { readFacts } from '../facts/facts-board.ts'
import type { ServerConnection } from '../ops-connection.ts'
import type { ScalingWatch } from '../scaling/scaling-watch.ts'
import { type Census, sampleOf } from './history-sample.ts'
import { readHistory, stepMs, writeSample } from './history-stream.ts'
import { readServer } from './server-reading.ts'

const lockName = 'ops history'
/** A holder that died is followed by another after it. */
const lockTtl = '90s'
const dayMs = 24 * 3_600_000

export interface HistorianParts {
  readonly cache: Pick<CacheMethods, 'lock'>
  readonly connection: ServerConnection
  readonly namespace: string
  readonly clock: Clock
  /** Looks at what is written. */
  readonly scaling: ScalingWatch
  /** Told what a step failed with; the next one is taken all the same. */
  readonly onFailure: (error: unknown) => void
  /** Told when a step was taken, or is another process's to take. */
  readonly onSuccess: () => void
}

export class Historian {
  readonly #parts: HistorianParts
  readonly #end = new AbortController()
  #running: Promise<void> = Promise.resolve()
  #before: Census | undefined

  constructor(parts: HistorianParts) {
    this.#parts = parts
  }

  /** Tries to be the one, now and every minute. */
  start(): void {
    this.#running = this.#run()
  }

  /** Gives the lock back. */
  async stop(): Promise<void> {
    this.#end.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#end
    while (!signal.aborted) {
      await this.#stand()
      await this.#pause(signal)
    }
  }

  /** Resolves when it isn't the one, or no longer. */
  async #stand(): Promise<void> {
    const { cache, onFailure, onSuccess } = this.#parts
    try {
      await cache.lock(lockName, { ttl: lockTtl }, (lost) => this.#hold(lost))
    } catch (error) {
      const isTaken = isStaleproofError(error) && error.code === 'SP_LOCK_TAKEN'
      if (isTaken) onSuccess()
      else onFailure(error)
    }
  }

  async #hold(lost: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([lost, this.#end.signal])
    // The first look is only what the next one counts from.
    this.#before = undefined
    await this.#remember()
    while (!signal.aborted) {
      await this.#write()
      await this.#pause(signal)
    }
  }

  async #remember(): Promise<void> {
    const { connection, namespace, clock, scaling, onFailure } = this.#parts
    try {
      scaling.begin(await readHistory(connection, namespace, clock.wallMs() - dayMs))
    } catch (error) {
      onFailure(error)
    }
  }

  async #write(): Promise<void> {
    const { connection, namespace, clock, scaling, onFailure, onSuccess } = this.#parts
    try {
      const { processes } = await readFacts(connection, namespace)
      const now = { atMs: clock.wallMs(), processes: processes.map(({ facts }) => facts) }
      const before = this.#before
      this.#before = now
      if (before === undefined) return
      const server = await readServer(connection)
      const sample = sampleOf(before, now, server)
      scaling.look(now.processes, sample)
      await writeSample(connection, namespace, sample)
      if (server.failure === undefined) onSuccess()
      else onFailure(server.failure)
    } catch (error) {
      onFailure(error)
    }
  }

  #pause(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        timer.cancel()
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = this.#parts.clock.timer(stepMs, end, 'background')
      signal.addEventListener('abort', end)
      if (signal.aborted) end()
    })
  }
}
