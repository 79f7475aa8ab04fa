/** The workers, and the proxies between each of them and the servers. */
import { type RedisProxy, startProxy } from '../../testing/index.ts'
import { pick } from './chance.ts'
import { until } from './pause.ts'
import type { RegisterDatabase } from './register-database.ts'
import { allNames, type RegisterName } from './registers.ts'
import type { Target } from './target.ts'
import { WallClock } from './wall-clock.ts'
import type { WorkerInit, WorkerPulse } from './worker-calls.ts'
import { WorkerProcess } from './worker-process.ts'

export interface FleetOptions {
  readonly target: Target
  readonly database: RegisterDatabase
  readonly namespace: string
  readonly processes: number
  readonly opsPerSecond: number
  /** Where wall clocks are set wrong; undefined: all have that of the machine. */
  readonly clockFolder: string | undefined
  /** Where the history of a process goes. */
  readonly fileOf: (process: string) => string
}

/** A place that a worker takes, and its successor when it was killed. */
export interface Seat {
  readonly index: number
  readonly proxies: readonly RedisProxy[]
  readonly worker: WorkerProcess
}

const clientsPerWorker = 12
const wellMsMax = 60_000

export class Fleet {
  readonly #options: FleetOptions
  readonly #clocks: readonly (WallClock | undefined)[]
  readonly #proxies: RedisProxy[] = []
  readonly #seats = new Map<number, Seat>()
  /** They have no seat yet. */
  readonly #opening = new Set<WorkerProcess>()
  readonly #pulses = new Map<string, WorkerPulse>()
  /** Workers that ended although nobody wanted them to. */
  readonly losses: string[] = []
  #started = 0
  /** A fault that is still at work must not start a worker again. */
  #isOver = false

  constructor(options: FleetOptions) {
    const { clockFolder, processes } = options
    this.#options = options
    const clockOf = (_: unknown, index: number) =>
      clockFolder === undefined ? undefined : WallClock.in(clockFolder, `clock-${index}`)
    this.#clocks = Array.from({ length: processes }, clockOf)
  }

  /** Can the wall clock of a process be set wrong? */
  get hasWallClocks(): boolean {
    return this.#clocks.some((clock) => clock !== undefined)
  }

  get seats(): readonly Seat[] {
    return [...this.#seats.values()]
  }

  /** The last word of every worker there has been. */
  get pulses(): readonly WorkerPulse[] {
    return [...this.#pulses.values()]
  }

  get operations(): number {
    return this.pulses.reduce((sum, { operations }) => sum + operations, 0)
  }

  clockOf({ index }: Seat): WallClock | undefined {
    return this.#clocks[index]
  }

  any(): Seat {
    return pick(this.seats)
  }

  async start(): Promise<void> {
    const { processes, target } = this.#options
    const indexes = Array.from({ length: processes }, (_, index) => index)
    const started = await Promise.allSettled(
      indexes.map(async (index) => {
        const proxies = await Promise.all(target.servers.map((server) => startProxy(server)))
        this.#proxies.push(...proxies)
        this.#seats.set(index, { index, proxies, worker: await this.#worker(index, proxies) })
      }),
    )
    const failed = started.find((each) => each.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  /** SIGKILL, and another process in its place. */
  async replace({ index, proxies, worker }: Seat): Promise<void> {
    await worker.kill()
    this.#options.database.writerDied(worker.name)
    this.#seats.set(index, { index, proxies, worker: await this.#worker(index, proxies) })
  }

  /** Nothing is held, delayed or stopped any more. */
  heal(): void {
    for (const { proxies, worker } of this.seats) {
      worker.resume()
      for (const proxy of proxies) proxy.mode('all', 'pass')
    }
  }

  /** All are connected, trusted and have nothing left to say; false if not in time. */
  isWell(deadlineMs: number = wellMsMax): Promise<boolean> {
    return until(async () => {
      const asked = this.seats.map(({ worker }) => worker.line.call('isWell', {}))
      return (await Promise.all(asked)).every((isWell) => isWell)
    }, deadlineMs)
  }

  async rest(): Promise<void> {
    await Promise.all(this.seats.map(({ worker }) => worker.line.call('rest', {})))
  }

  /** One that lives writes them once more. */
  async rewrite(names: readonly RegisterName[]): Promise<void> {
    if (names.length > 0) await this.any().worker.line.call('rewrite', { names })
  }

  /** Every worker reads everything a last time. */
  async finish(): Promise<void> {
    await Promise.all(
      this.seats.map(async ({ worker }) => {
        const pulse = await worker.line.call('finish', { names: allNames })
        this.#pulses.set(worker.name, pulse)
      }),
    )
  }

  async close(): Promise<void> {
    this.#isOver = true
    const opening = [...this.#opening].map((worker) => worker.kill())
    await Promise.all([...opening, ...this.seats.map(({ worker }) => worker.close())])
    await Promise.all(this.#proxies.map((proxy) => proxy.stop()))
    this.#seats.clear()
  }

  async #worker(index: number, proxies: readonly RedisProxy[]): Promise<WorkerProcess> {
    if (this.#isOver) throw new Error('the run is over')
    const { target, database, namespace, processes, opsPerSecond, fileOf } = this.#options
    const process = `process-${index}.${++this.#started}`
    const init: WorkerInit = {
      process,
      namespace,
      redis: target.redisThrough(proxies),
      clients: clientsPerWorker,
      opsPerSecond: opsPerSecond / processes,
      historyFile: fileOf(process),
    }
    const pulse = (words: WorkerPulse) => void this.#pulses.set(process, words)
    const onLost = (reason: string) => void this.losses.push(reason)
    const clock = this.#clocks[index]
    const calls = { ...database.served(), pulse }
    const worker = new WorkerProcess({ init, database: calls, clock, onLost })
    this.#opening.add(worker)
    await worker.open().finally(() => this.#opening.delete(worker))
    return worker
  }
}
