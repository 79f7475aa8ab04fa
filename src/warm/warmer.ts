/**
 * Runs tasks in the background: when it is opened and every few minutes, one at a time, and in
 * one process of all that have a warmer of the same name. The elected process keeps a lock for
 * as long as it lives; the others stand by and ask for it once per lease.
 *
 *   standing by ──lock granted──▶ elected: runs what is due ──lock lost──▶ standing by
 *        └────────────── closed ◀───────┘
 *
 * The lock saves work and nothing else: two that are elected at once (a server that evicts any
 * key, a process that was paused) load twice, and the leases of the cache keep that coherent.
 * With Redis down nobody is elected: sources have enough to do then.
 */
import type { CacheMethods } from '../core/cache.ts'
import type { Clock } from '../core/contracts/clock.ts'
import { isStaleproofError, StaleproofError } from '../core/errors.ts'
import { type Access, AccessFeed, type AccessListener } from './access.ts'
import { Budget } from './budget.ts'
import { pause } from './pause.ts'
import type { PreloadRequest, PreloadResult } from './preload.ts'
import { TaskRecord } from './task-record.ts'
import type { TaskReport, WarmTask } from './warm-task.ts'
import {
  type ResolvedWarmer,
  resolveTask,
  resolveWarmer,
  tasksIn,
  type WarmerOptions,
} from './warmer-options.ts'

/** The cache as a warmer uses it. */
export type WarmedCache = Pick<CacheMethods, 'lock' | 'observe' | 'family'>
/** Whether this process runs the tasks, and why not. */
export type Standing = 'electing' | 'elected' | 'elsewhere' | 'unreachable' | 'closed'
/** What a warmer has done in this process. */
export interface WarmingReport {
  readonly name: string
  readonly standing: Standing
  /** Keys that it has loaded, or tried to. */
  readonly loads: number
  /** Calls of the cache under way, and those that wait for their turn. */
  readonly running: number
  readonly waiting: number
  /** Of one core, by whoever learns from accesses: what it takes itself, without the loads. */
  readonly busyShare: number
  readonly tasks: readonly TaskReport[]
}
/** An access that the cache did not see, or whose group it does not know. */
export type NotedAccess = Pick<Access, 'family' | 'id'> & Partial<Pick<Access, 'who' | 'weight'>>
/** Keeps things warm, until it is closed or its cache is. */
export interface Warmer {
  readonly cache: WarmedCache
  readonly clock: Clock
  /** How often tasks run that don't say so. */
  readonly everyMs: number
  /** Adds a task, which runs as soon as it can; returns what ends it. Throws `SP_OPTION_…`. */
  task(task: WarmTask): () => void
  /** Runs a task now, in this process, elected or not; undefined: there is none of that name. */
  run(task: string): Promise<TaskReport> | undefined
  /** Loads what is not there, within the budget of this process, elected or not. */
  preload(request: PreloadRequest): Promise<PreloadResult>
  /** Tells whoever learns of an access. Throws `SP_OPTION_INVALID`, `SP_ID_…`. */
  note(access: NotedAccess): void
  /** Told of reads of callers, not of those that warm. Returns a function that ends it. */
  accesses(listener: AccessListener): () => void
  /** Adds the time that something takes to `busyShare`. */
  measure<T>(work: () => T): T
  /** Fires when it is closed. */
  readonly signal: AbortSignal
  report(): WarmingReport
  /** Idempotent. Leaves no timer, lock or observer; a task that ignores its signal goes on. */
  close(): Promise<void>
}

export const tasksMax = 100

export class TaskWarmer implements Warmer {
  readonly clock: Clock
  readonly cache: WarmedCache
  readonly #options: ResolvedWarmer
  readonly #tasks = new Map<string, TaskRecord>()
  readonly #closing = new AbortController()
  readonly #budget: Budget
  readonly #feed: AccessFeed
  #nap = new AbortController()
  #standing: Standing = 'electing'
  /** Why nobody could be asked for the lock, as it was logged. */
  #complaint: string | undefined
  readonly #life: Promise<void>

  /** Begins in the background. */
  constructor(cache: WarmedCache, options: WarmerOptions, clock: Clock) {
    this.#options = resolveWarmer(options)
    this.clock = clock
    this.cache = cache
    const { concurrency, loadsPerSecond, who, sampleHits } = this.#options
    const closing = this.#closing.signal
    this.#budget = new Budget({ cache, clock, closing, concurrency, loadsPerSecond })
    this.#feed = new AccessFeed({ cache, clock, who, hits: sampleHits })
    for (const task of tasksIn(options)) this.task(task)
    this.#life = this.#live()
  }

  get everyMs(): number {
    return this.#options.everyMs
  }

  get signal(): AbortSignal {
    return this.#closing.signal
  }

  task(task: WarmTask): () => void {
    const resolved = resolveTask(task, this.#options.everyMs)
    const { name } = resolved
    if (this.#tasks.has(name) || this.#tasks.size >= tasksMax) {
      const expected = `at most ${tasksMax} tasks with a name each`
      throw new StaleproofError('SP_OPTION_INVALID', `the warming task '${name}'`, { expected })
    }
    const { clock } = this
    const budgetOf = (signal: AbortSignal) => this.#budget.of(signal)
    this.#tasks.set(name, new TaskRecord(resolved, { clock, log: this.#options.log, budgetOf }))
    this.#nap.abort()
    return () => {
      this.#tasks.delete(name)
    }
  }

  run(name: string): Promise<TaskReport> | undefined {
    const task = this.#tasks.get(name)
    return task?.run(this.signal).then(() => task.report())
  }

  preload(request: PreloadRequest): Promise<PreloadResult> {
    return this.#budget.preload(request)
  }

  note({ family, id, who, weight = 1 }: NotedAccess): void {
    const key = this.cache.family(family).key(id).text
    const atMs = this.clock.now()
    this.#feed.tell({ family, id, key, who, weight, outcome: undefined, atMs })
  }

  accesses(listener: AccessListener): () => void {
    return this.#feed.listen(listener)
  }

  measure<T>(work: () => T): T {
    return this.#feed.busy.measure(work)
  }

  report(): WarmingReport {
    const { spent, running, waiting } = this.#budget
    return {
      name: this.#options.name,
      standing: this.#standing,
      loads: spent,
      running,
      waiting,
      busyShare: this.#feed.busy.share,
      tasks: [...this.#tasks.values()].map((task) => task.report()),
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#nap.abort()
    await this.#life
  }

  async #live(): Promise<void> {
    while (!this.signal.aborted) {
      const reason = await this.#lead()
      if (reason === 'closed' || this.signal.aborted) break
      this.#standing = reason
      for (const task of this.#tasks.values()) task.skip(reason)
      await this.#rest(this.#options.leaseMs)
    }
    this.#standing = 'closed'
    this.#closing.abort()
    this.#feed.close()
  }

  /** Leads for as long as it may; resolves to who leads then. */
  async #lead(): Promise<'elsewhere' | 'unreachable' | 'closed'> {
    const { name, leaseMs } = this.#options
    try {
      const lock = { ttl: leaseMs, signal: this.signal }
      await this.cache.lock(`warm:${name}`, lock, (signal) => this.#term(signal))
      return 'elsewhere'
    } catch (error) {
      if (isStaleproofError(error, 'SP_CLOSED')) return 'closed'
      if (isStaleproofError(error, 'SP_LOCK_TAKEN')) {
        this.#complaint = undefined
        return 'elsewhere'
      }
      this.#complain(error)
      return 'unreachable'
    }
  }

  /** Once, however often it is asked for in vain, until there is something else to say. */
  #complain(error: unknown): void {
    const complaint = String(error)
    if (complaint === this.#complaint) return
    this.#complaint = complaint
    this.#options.log?.warn({ warmer: this.#options.name, error }, 'warming has no lock')
  }

  async #term(lock: AbortSignal): Promise<void> {
    const ending = new AbortController()
    const end = (): void => {
      ending.abort()
      this.#nap.abort()
    }
    lock.addEventListener('abort', end)
    this.signal.addEventListener('abort', end)
    this.#standing = 'elected'
    this.#complaint = undefined
    for (const task of this.#tasks.values()) task.dueNow()
    try {
      while (!lock.aborted && !this.signal.aborted) await this.#round(ending.signal)
    } finally {
      lock.removeEventListener('abort', end)
      this.signal.removeEventListener('abort', end)
    }
  }

  /** Runs what is due, one after the other, and rests until something is. */
  async #round(signal: AbortSignal): Promise<void> {
    for (const task of [...this.#tasks.values()]) {
      if (!signal.aborted && task.dueMs <= this.clock.now()) await task.run(signal)
    }
    const due = [...this.#tasks.values()].map(({ dueMs }) => dueMs)
    const nextMs = Math.min(this.clock.now() + this.#options.everyMs, ...due)
    if (!signal.aborted) await this.#rest(nextMs - this.clock.now())
  }

  /** Ends early when a task is added, the lock is lost, or it is closed. */
  async #rest(ms: number): Promise<void> {
    this.#nap = new AbortController()
    if (!this.signal.aborted) await pause(this.clock, ms, this.#nap.signal)
  }
}
