/**
 * Asks the Redis server for its numbers on a timer of its own, never while somebody scrapes: a
 * server that is slow must not make metrics late. What was read last is shown, and whether the
 * server answered.
 */
import type { Clock, Timer } from '../../core/contracts/clock.ts'
import {
  createInspection,
  type Inspection,
  type InspectionTarget,
  parseInfo,
} from '../../inspect/index.ts'
import { systemClock } from '../../system.ts'
import type { MetricSink } from './series-table.ts'
import { readServer, type ServerReading } from './server-readings.ts'

/** What it sends. */
export const serverCommands: readonly string[] = [
  'info',
  'config|get',
  'slowlog|len',
  'cluster|info',
]

export interface ServerSamplerOptions {
  readonly target: InspectionTarget
  /** Of the pauses between samples. */
  readonly clock?: Clock | undefined
}

const everyMs = 15_000
/** Older than this, numbers are of another time: then only `redis_up` is shown. */
const goodForMs = 3 * everyMs

export class ServerSampler {
  readonly #clock: Clock
  readonly #inspection: Inspection
  #timer: Timer | undefined
  #reading: ServerReading | undefined
  #readMs = Number.NEGATIVE_INFINITY
  #isUp: boolean | undefined
  #isClosed = false
  #sampling: Promise<void>

  /** Begins at once, and never throws because the server is away. */
  constructor({ target, clock = systemClock }: ServerSamplerOptions) {
    this.#clock = clock
    this.#inspection = createInspection(target, {
      name: 'staleproof-metrics',
      allowed: serverCommands,
    })
    this.#sampling = this.#sample()
  }

  readonly read = (sink: MetricSink): void => {
    if (this.#isUp === undefined) return
    sink.add('redis_up', {}, this.#isUp ? 1 : 0)
    if (this.#reading === undefined || this.#clock.now() - this.#readMs > goodForMs) return
    readServer(this.#reading, sink)
  }

  /** Resolves when the sample under way, or the last one, has ended. */
  sampled(): Promise<void> {
    return this.#sampling
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#timer?.cancel()
    await this.#inspection.close()
    await this.#sampling
  }

  async #sample(): Promise<void> {
    try {
      this.#reading = await this.#asked()
      this.#readMs = this.#clock.now()
      this.#isUp = true
    } catch {
      // Whatever it was, the server gave no numbers, and that is what is shown.
      this.#isUp = false
    }
    if (this.#isClosed) return
    const again = () => {
      this.#sampling = this.#sample()
    }
    this.#timer = this.#clock.timer(everyMs, again, 'background')
  }

  async #asked(): Promise<ServerReading> {
    const info = parseInfo(String(await this.#inspection.call('INFO', 'everything')))
    const isCluster = info.text('redis_mode') === 'cluster'
    const [maxClients, slowLog, cluster] = await Promise.all([
      this.#orNothing('CONFIG', 'GET', 'maxclients'),
      this.#orNothing('SLOWLOG', 'LEN'),
      isCluster ? this.#orNothing('CLUSTER', 'INFO') : undefined,
    ])
    return { info, maxClients, slowLog, cluster }
  }

  /** Managed servers refuse some of them: then their numbers are not known. */
  #orNothing(...line: readonly [string, ...string[]]): Promise<unknown> {
    return this.#inspection.call(...line).catch(() => undefined)
  }
}
