/**
 * Tells in Redis what a process knows of itself, and reads what the others tell. It has a
 * connection of its own, and nothing of it reaches the cache: what fails is tried again with
 * the next turn.
 */
import { hostname } from 'node:os'
import type { CacheAbout } from '../core/about.ts'
import type { CacheMethods } from '../core/cache.ts'
import type { Clock, Timer } from '../core/contracts/clock.ts'
import type { Logger } from '../core/options.ts'
import { createInspection, type InspectionTarget } from '../inspect/index.ts'
import { systemClock } from '../system.ts'
import { version } from '../version.ts'
import { type FactsReading, publishFacts, readFacts, withdrawFacts } from './facts/facts-board.ts'
import { FailureLog } from './failure-log.ts'
import { Historian } from './history/historian.ts'
import type { HistorySample } from './history/history-sample.ts'
import { readHistory } from './history/history-stream.ts'
import { BreadthMeter } from './invalidations/breadth-meter.ts'
import { InvalidationFeed } from './invalidations/invalidation-feed.ts'
import { ReloadMeter } from './invalidations/reload-meter.ts'
import { LatencyRecorder } from './latency-recorder.ts'
import type { ServerConnection } from './ops-connection.ts'
import { reporterCommands } from './ops-names.ts'
import { OpsRoute } from './ops-route.ts'
import { factsVersion, type ProcessFacts, type ReporterParts } from './process-facts.ts'
import { ProcessorShare } from './processor-share.ts'
import type { ScalingFigures } from './scaling/figures.ts'
import { ScalingWatch } from './scaling/scaling-watch.ts'
import { KeyUsage } from './usage/key-usage.ts'

/** Facts outlive three turns that fail. */
export const publishEveryMs = 5_000
/** The most that closing waits for Redis. */
const commandTimeoutMs = 2_000
const usedKeysMax = 50
const publishing = 'publishing what this process knows of its cache'
const asking = 'asking a service what it runs beside its cache'

/** What is asked of a cache; any has it. */
export type ReportedCache = Pick<CacheMethods, 'about' | 'health' | 'lock' | 'observe' | 'stats'>

export interface ReporterOptions {
  /** The Redis of the cache. Absent: nothing is published, and this process is all there is. */
  readonly redis?: InspectionTarget | undefined
  /** What the service runs beside its cache; asked at every turn. */
  readonly parts?: (() => ReporterParts) | undefined
  /** Told when publishing, the history or `parts` begins to fail, and when it works again. */
  readonly log?: Logger | undefined
}

/** A connection that is closed with the reporter. */
export interface OwnConnection extends ServerConnection {
  close(): Promise<void>
}

export interface ReporterTools {
  readonly connection: OwnConnection | undefined
  readonly clock: Clock
  readonly log?: Logger | undefined
}

/**
 * Publishes what this process knows of itself, every five seconds until it is closed. Resolves
 * when the first turn was taken; without Redis it begins when Redis comes.
 *
 * @example
 * const reporter = await openReporter(cache, { redis: process.env.REDIS_URL })
 */
export async function openReporter(
  cache: ReportedCache,
  { redis, parts, log }: ReporterOptions = {},
): Promise<Reporter> {
  const { service } = cache.about()
  const name = `staleproof-reporter-${service}`
  const options = { name, allowed: reporterCommands, commandTimeoutMs }
  const connection = redis === undefined ? undefined : createInspection(redis, options)
  const route = connection && new OpsRoute(connection)
  const reporter = new Reporter(cache, { connection: route, clock: systemClock, log }, parts)
  await reporter.start()
  return reporter
}

export class Reporter {
  readonly invalidations: InvalidationFeed
  readonly #cache: ReportedCache
  readonly #about: CacheAbout
  readonly #parts: () => ReporterParts
  readonly #tools: ReporterTools
  readonly #failures: FailureLog
  readonly #latencies = new LatencyRecorder()
  readonly #usage: KeyUsage
  readonly #breadth: BreadthMeter
  readonly #reloads = new ReloadMeter()
  readonly #processor = new ProcessorShare()
  readonly #startedMs: number
  readonly #unobserve: readonly (() => void)[]
  readonly #historian: Historian | undefined
  readonly #scaling = new ScalingWatch()
  #timer: Timer | undefined
  #turn: Promise<void> = Promise.resolve()
  #processorShare: number | undefined
  #isClosed = false

  constructor(cache: ReportedCache, tools: ReporterTools, parts: () => ReporterParts = () => ({})) {
    const { connection, clock } = tools
    this.#cache = cache
    this.#about = cache.about()
    this.#parts = parts
    this.#tools = tools
    this.#failures = new FailureLog(tools.log)
    this.#startedMs = clock.wallMs()
    this.#usage = new KeyUsage({ families: this.#about.families })
    this.invalidations = new InvalidationFeed(clock, this.#about.families)
    this.#breadth = new BreadthMeter(this.#about.families)
    const meters = [this.#latencies, this.#usage, this.#breadth, this.#reloads]
    const observers = [this.invalidations, ...meters]
    this.#unobserve = observers.map((one) => cache.observe(one))
    const { namespace } = this.#about
    const scaling = this.#scaling
    const history = {
      onFailure: (error: unknown) => this.#failures.failed('the history of the cache', error),
      onSuccess: () => this.#failures.succeeded('the history of the cache'),
    }
    const kept = connection && { cache, connection, namespace, clock, scaling, ...history }
    this.#historian = kept && new Historian(kept)
  }

  get process(): string {
    return this.#about.process
  }

  /** Turns of publishing, of history and of asking `parts` that failed. */
  get failures(): number {
    return this.#failures.count
  }

  /** Resolves when the first turn was taken; to be called once. */
  async start(): Promise<void> {
    this.#turn = this.#publish()
    await this.#turn
    this.#historian?.start()
    this.#schedule()
  }

  /** As it is now. */
  own(): ProcessFacts {
    const { service, process: name, catalog, families } = this.#about
    const { clock } = this.#tools
    return {
      schemaVersion: factsVersion,
      ...{ process: name, service, pid: process.pid, host: hostname() },
      ...{ version, runtime: `node ${process.version}`, startedMs: this.#startedMs },
      ...{ atMs: clock.wallMs(), catalog, processorShare: this.#processorShare },
      ...{ health: this.#cache.health(), stats: this.#cache.stats(), families },
      latencies: this.#latencies.families(),
      redisLatency: this.#latencies.redis(),
      usedKeys: this.#usage.top(usedKeysMax),
      breadth: { ...this.#breadth.counts(), ...this.#reloads.counts() },
      parts: this.#partsNow(),
      dropped: [],
    }
  }

  /** Of all live processes, this one as it is now. Redis away: of this one alone. */
  async facts(): Promise<FactsReading> {
    const { connection } = this.#tools
    const own = { facts: this.own(), ageMs: 0 }
    if (connection === undefined) return { processes: [own], skipped: 0, isComplete: true }
    try {
      const { processes, skipped, isComplete } = await readFacts(connection, this.#about.namespace)
      const others = processes.filter(({ facts }) => facts.process !== this.process)
      const all = [...others, own]
      all.sort((left, right) => left.facts.startedMs - right.facts.startedMs)
      return { processes: all, skipped, isComplete }
    } catch {
      // It is told by `isComplete`, and by the health of the cache.
      return { processes: [own], skipped: 0, isComplete: false }
    }
  }

  /** Oldest first; empty where Redis is away. */
  async history(sinceMs = 0): Promise<readonly HistorySample[]> {
    const { connection } = this.#tools
    if (connection === undefined) return []
    try {
      return await readHistory(connection, this.#about.namespace, sinceMs)
    } catch {
      // Charts show where nobody counted.
      return []
    }
  }

  /** Of all services, as last known; undefined: another process knows. For `openMetrics`. */
  scaling(): ScalingFigures | undefined {
    return this.#scaling.figures(this.#tools.clock.wallMs())
  }

  /** Takes what it has published away; idempotent. To be called before the cache is closed. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#timer?.cancel()
    for (const end of this.#unobserve) end()
    await this.#historian?.stop()
    await this.#turn
    const { connection } = this.#tools
    if (connection === undefined) return
    // What can't be taken away ends by itself.
    await withdrawFacts(connection, this.#about.namespace, this.process).catch(() => {})
    await connection.close()
  }

  #schedule(): void {
    if (this.#isClosed) return
    const next = () => {
      this.#turn = this.#publish().then(() => this.#schedule())
    }
    this.#timer = this.#tools.clock.timer(publishEveryMs, next, 'background')
  }

  /** Never rejects. */
  async #publish(): Promise<void> {
    const { connection, clock } = this.#tools
    this.#processorShare = this.#processor.at(clock.now())
    if (connection === undefined) return
    try {
      await publishFacts(connection, this.#about.namespace, this.own())
      this.#failures.succeeded(publishing)
    } catch (error) {
      this.#failures.failed(publishing, error)
    }
  }

  /** They are the host's: whatever they do, the rest is told. */
  #partsNow(): ReporterParts {
    try {
      const parts = this.#parts()
      this.#failures.succeeded(asking)
      return parts
    } catch (error) {
      this.#failures.failed(asking, error)
      return {}
    }
  }
}
