/**
 * Traffic on a system: its people and prices are set going once, then phases of a rate and a time
 * follow each other, each with its report.
 */
import { type Arrivals, letArrive } from './arrivals.ts'
import { Chance } from './chance.ts'
import { DatabaseWatch } from './database-watch.ts'
import { readGauges } from './gauges.ts'
import { HttpPool } from './http-pool.ts'
import { Latencies } from './latencies.ts'
import type { Mix } from './mix.ts'
import { type Crowd, gatherCrowd } from './people.ts'
import { Repeater } from './repeater.ts'
import {
  cachesBetween,
  costBetween,
  generatorReport,
  type LoadReport,
  loadsAvoidedOf,
} from './report.ts'
import { settledPositions } from './settlement.ts'
import type { System } from './system.ts'
import { Ticker } from './ticker.ts'
import { Trader } from './trader.ts'
import { Traffic, type Wish } from './traffic.ts'
import { Witness } from './witness.ts'

export interface RunOptions {
  readonly system: System
  readonly mix: Mix
  readonly seed: number
}

export interface Phase {
  readonly requestsPerSecond: number
  readonly seconds: number
}

/** Answers that are late hold this many requests back at most; the next ones are dropped. */
const inFlightMax = 256
const healthPerSecond = 10
const priceWatchMs = 500
/** A run on a database that has seen others needs people of its own. */
const runsMax = 100_000

interface Parts {
  readonly api: HttpPool
  readonly chance: Chance
  readonly crowd: Crowd
  readonly witness: Witness
  readonly trader: Trader
  readonly traffic: Traffic
  readonly database: DatabaseWatch | undefined
  readonly ticker: Ticker | undefined
}

export class LoadRun {
  readonly #options: RunOptions
  readonly #parts: Parts
  readonly #prices: Repeater
  #latencies = new Latencies()

  private constructor(options: RunOptions, parts: Parts) {
    this.#options = options
    this.#parts = parts
    this.#prices = new Repeater(() => this.#watchPrices())
    this.#prices.start()
  }

  static async open(options: RunOptions): Promise<LoadRun> {
    const { system, mix, seed } = options
    const chance = new Chance(seed)
    const api = new HttpPool(system.apiUrl, inFlightMax)
    const run = Math.floor(Date.now() / 1_000) % runsMax
    const crowd = await gatherCrowd({ api, mix, chance, run })
    const witness = new Witness(crowd)
    const { databaseUrl } = system
    return new LoadRun(options, {
      api,
      chance,
      crowd,
      witness,
      trader: new Trader({ api, crowd, witness, chance, run }),
      traffic: new Traffic({ mix, crowd, chance, witness }),
      database: databaseUrl === undefined ? undefined : new DatabaseWatch(databaseUrl),
      ticker: await startTicker(options),
    })
  }

  async phase({ requestsPerSecond, seconds }: Phase): Promise<LoadReport> {
    const { api, database, trader, ticker, witness } = this.#parts
    const { system, mix, seed } = this.#options
    await this.#traffic({ requestsPerSecond, seconds: mix.warmUpSeconds })
    this.#latencies = new Latencies()
    const before = await readGauges({ system, api, database })
    const updates = ticker?.updates ?? 0
    const trades = trader.counts
    const arrivals = await this.#traffic({ requestsPerSecond, seconds })
    const after = await readGauges({ system, api, database })
    const caches = cachesBetween(before, after)
    return {
      seed,
      requestsPerSecond,
      seconds: (after.atMs - before.atMs) / 1_000,
      endpoints: this.#latencies.report(),
      failures: this.#latencies.examples,
      generator: generatorReport(arrivals),
      trades: {
        accepted: trader.counts.accepted - trades.accepted,
        refused: trader.counts.refused - trades.refused,
        skipped: trader.counts.skipped - trades.skipped,
        unlike: await settledPositions(this.#parts),
      },
      priceUpdates: (ticker?.updates ?? 0) - updates,
      caches,
      loadsAvoided: loadsAvoidedOf(caches),
      findings: witness.findings,
      cost: costBetween(before, after),
    }
  }

  async close(): Promise<void> {
    const { ticker, database, api } = this.#parts
    await Promise.all([ticker?.stop(), this.#prices.stop()])
    await database?.close()
    api.close()
  }

  #traffic({ requestsPerSecond, seconds }: Phase): Promise<Arrivals[]> {
    const { chance, traffic } = this.#parts
    const { tradesPerSecond } = this.#options.mix
    const shared = { seconds, chance, inFlightMax }
    return Promise.all([
      letArrive({
        ...shared,
        perSecond: requestsPerSecond,
        act: (dueMs) => this.#read(traffic.next(), dueMs),
      }),
      letArrive({ ...shared, perSecond: healthPerSecond, act: (dueMs) => this.#health(dueMs) }),
      letArrive({ ...shared, perSecond: tradesPerSecond, act: (dueMs) => this.#trade(dueMs) }),
    ])
  }

  async #read({ kind, asked, check }: Wish, dueMs: number): Promise<void> {
    const beganMs = performance.now()
    const { status, text } = await this.#parts.api.send(asked)
    const endedMs = performance.now()
    this.#latencies.add(kind, endedMs - dueMs)
    if (status !== 200) return this.#latencies.fail(kind, `${asked.path} ${status} ${text}`)
    try {
      check?.(JSON.parse(text), { beganMs, endedMs })
    } catch (error) {
      this.#latencies.fail(kind, `${asked.path} can't be read: ${error}`)
    }
  }

  async #health(dueMs: number): Promise<void> {
    const { status, text } = await this.#parts.api.send({ method: 'GET', path: '/health' })
    this.#latencies.add('health', performance.now() - dueMs)
    if (status !== 200) this.#latencies.fail('health', `${status} ${text}`)
  }

  async #trade(dueMs: number): Promise<void> {
    const answer = await this.#parts.trader.trade()
    if (answer === undefined) return
    const { status, text } = answer
    this.#latencies.add('trade', performance.now() - dueMs)
    const isFine = (status >= 200 && status < 300) || status === 409
    if (!isFine) this.#latencies.fail('trade', `${status} ${text}`)
  }

  async #watchPrices(): Promise<number> {
    const { database, witness } = this.#parts
    const prices = (await database?.newPrices()) ?? []
    const atMs = performance.now()
    for (const { marketId, seq } of prices) witness.sawPrice(marketId, seq, atMs)
    return priceWatchMs
  }
}

async function startTicker({ system, mix }: RunOptions): Promise<Ticker | undefined> {
  const { upstreamUrl, adminToken } = system
  if (upstreamUrl === undefined || adminToken === undefined) return undefined
  const upstream = new HttpPool(upstreamUrl, 1)
  return Ticker.start({ upstream, adminToken, updatesPerSecond: mix.priceUpdatesPerSecond })
}
