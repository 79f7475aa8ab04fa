/**
 * One run: workers do random things with their caches, the nemesis does harm, everything is
 * written down, and when all is quiet every tier is read a last time.
 *
 *   start ──▶ work, while faults happen ──▶ rest ──▶ heal ──▶ last reads ──▶ close
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Histogram } from '../../base/histogram.ts'
import { hostMs, systemChance } from '../../system.ts'
import type { World } from './faults/fault.ts'
import { Fleet } from './fleet.ts'
import { type Folder, keptFolder, temporaryFolder } from './folder.ts'
import { HistoryWriter } from './history-writer.ts'
import { judge } from './judge.ts'
import { finalPayloads, removeAll } from './namespace.ts'
import { faultsFor, Nemesis } from './nemesis.ts'
import type { OwnServers } from './own-servers.ts'
import { pause } from './pause.ts'
import { RegisterDatabase } from './register-database.ts'
import { allNames, keyOf } from './registers.ts'
import { type Failure, type RunResult, schemaVersion, verdictOf } from './result.ts'
import { boundMs } from './settings.ts'
import type { Target } from './target.ts'
import type { WorkerPulse } from './worker-calls.ts'

export interface RunOptions {
  readonly target: Target
  /** The same, where they are ours. */
  readonly servers: OwnServers | undefined
  readonly withServerFaults: boolean
  readonly processes: number
  readonly operations: number
  readonly opsPerSecond: number
  readonly secondsMax: number
  /** Where the history is kept; undefined: nowhere. */
  readonly historyFolder: string | undefined
}

export interface Progress {
  readonly seconds: number
  readonly operations: number
  readonly faults: { readonly done: number; readonly of: number }
}

const lookEveryMs = 100

export class Run {
  readonly #options: RunOptions
  readonly #namespace: string
  readonly #folder: Folder
  readonly #files: string[] = []
  readonly #writer: HistoryWriter
  readonly #database: RegisterDatabase
  readonly #fleet: Fleet
  readonly #nemesis: Nemesis
  readonly #startedMs: number
  readonly #missing: string[] = []
  #isAborted = false

  constructor(options: RunOptions) {
    const { target, servers, withServerFaults, historyFolder } = options
    this.#options = options
    this.#startedMs = hostMs()
    this.#namespace = `staleproof-verify-${systemChance.token()}`
    this.#folder = historyFolder === undefined ? temporaryFolder() : keptFolder(historyFolder)
    this.#writer = new HistoryWriter(this.#fileOf('database'))
    this.#writer.promise(boundMs)
    const write: World['write'] = (record) => this.#writer.write(record)
    this.#database = new RegisterDatabase(write)
    const { processes, opsPerSecond } = options
    const shared = { target, database: this.#database, namespace: this.#namespace }
    const fileOf = (process: string) => this.#fileOf(process)
    this.#fleet = new Fleet({
      ...shared,
      processes,
      opsPerSecond,
      clockFolder: servers?.folder,
      fileOf,
    })
    const admin = () => target.admin()
    const world: World = { ...shared, fleet: this.#fleet, servers, write, admin }
    const faults = faultsFor(withServerFaults || servers !== undefined, servers !== undefined)
    this.#nemesis = new Nemesis(world, faults)
  }

  get progress(): Progress {
    const seconds = (hostMs() - this.#startedMs) / 1_000
    return { seconds, operations: this.#fleet.operations, faults: this.#nemesis.progress }
  }

  /** Ends it early; what was found so far is still judged. */
  abort(): void {
    this.#isAborted = true
  }

  /** Leaves nothing behind, whatever happens. */
  async run(): Promise<RunResult> {
    try {
      await this.#work().catch((error: unknown) => {
        // Ctrl-C reaches workers and servers too: what fails then is part of the end.
        if (!this.#isAborted) throw error
      })
      if (this.#isAborted) this.#missing.push('it was interrupted')
      await this.#close()
      return await this.#judged()
    } finally {
      await this.#close()
      this.#folder.leave()
    }
  }

  async #work(): Promise<void> {
    await this.#options.target.admin()
    await this.#fleet.start()
    const harm = this.#nemesis.run()
    while (!this.#isOver()) await pause(lookEveryMs)
    this.#nemesis.stop()
    if (this.#isAborted || this.#fleet.losses.length > 0) return
    await harm
    await this.#lastReads().catch((error: unknown) => {
      this.#missing.push(`the last reads failed: ${String(error)}`)
    })
    if (this.#fleet.operations < this.#options.operations) {
      this.#missing.push(`only ${this.#fleet.operations} operations in the time`)
    }
  }

  #isOver(): boolean {
    if (this.#isAborted || this.#fleet.losses.length > 0) return true
    const { operations, secondsMax } = this.#options
    if (hostMs() - this.#startedMs > secondsMax * 1_000) return true
    return this.#fleet.operations >= operations && this.#nemesis.hasDoneAll
  }

  async #lastReads(): Promise<void> {
    await this.#fleet.rest()
    const uncertain = this.#database.uncertainKeys
    await this.#fleet.rewrite(allNames.filter((name) => uncertain.has(keyOf(name))))
    if (!(await this.#fleet.isWell())) this.#missing.push('a process did not recover in time')
    await pause(boundMs)
    await this.#fleet.finish()
    const redis = await this.#options.target.admin()
    for (const record of await finalPayloads(redis, this.#namespace)) this.#writer.write(record)
  }

  #isClosed = false

  async #close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#nemesis.stop()
    this.#fleet.heal()
    await this.#fleet.close()
    this.#database.writeQuarantines()
    this.#writer.close()
    await this.#cleanUp()
  }

  async #cleanUp(): Promise<void> {
    try {
      // Servers of our own go with all that is on them.
      if (this.#options.servers === undefined) {
        await removeAll(await this.#options.target.admin(), this.#namespace)
      }
    } catch {
      this.#missing.push(`the keys of ${this.#namespace} could not be removed; they expire`)
    }
    await this.#options.target.close()
  }

  async #judged(): Promise<RunResult> {
    const seconds = (hostMs() - this.#startedMs) / 1_000
    const { verdict: history, evidence } = await judge(this.#files)
    const { pulses, losses } = this.#fleet
    const { ran, skipped, failures } = this.#nemesis
    const allFailures = [...losses, ...failures, ...pulses.flatMap((pulse) => pulse.failures)]
    const missing = [
      ...this.#missing,
      ...(skipped.length > 0 ? [`faults that were not tried: ${skipped.length}`] : []),
      ...(allFailures.length > 0 ? ['something failed that should not have'] : []),
    ]
    return {
      schemaVersion,
      command: 'verify',
      verdict: verdictOf(history.violationCount, missing),
      missing,
      target: this.#options.target.description,
      processes: this.#options.processes,
      seconds,
      operations: this.#fleet.operations,
      boundMs,
      ...tallied(pulses, seconds * this.#options.processes * 1_000),
      faults: { ran: [...ran].map(([name, times]) => ({ name, times })), skipped },
      history,
      evidence,
      failures: counted(allFailures),
      recorded: this.#options.historyFolder ?? null,
    }
  }

  /** There from now on: a process that ends before it has written anything has an empty one. */
  #fileOf(process: string): string {
    const file = join(this.#folder.path, `${process}.jsonl`)
    writeFileSync(file, '')
    this.#files.push(file)
    return file
  }
}

function counted(failures: readonly string[]): readonly Failure[] {
  const times = new Map<string, number>()
  for (const what of failures) times.set(what, (times.get(what) ?? 0) + 1)
  return [...times].map(([what, count]) => ({ what, times: count }))
}

type Tallied = Pick<RunResult, 'invalidations' | 'pending' | 'invalidationLag' | 'untrusted'>

function tallied(pulses: readonly WorkerPulse[], processMs: number): Tallied {
  const lag = new Histogram()
  for (const pulse of pulses) lag.merge(pulse.lag)
  const [p50Ms, p99Ms] = [lag.percentile(0.5), lag.percentile(0.99)]
  const sum = (of: (pulse: WorkerPulse) => number) =>
    pulses.reduce((total, pulse) => total + of(pulse), 0)
  const ms = sum(({ untrustedMs }) => untrustedMs)
  const losses = sum(({ trustLosses }) => trustLosses)
  return {
    invalidations: sum(({ invalidations }) => invalidations),
    pending: sum(({ pending }) => pending),
    invalidationLag: { count: lag.count, p50Ms, p99Ms, maxMs: lag.max },
    untrusted: { ms, share: processMs === 0 ? 0 : ms / processMs, losses },
  }
}
