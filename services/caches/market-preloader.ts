/**
 * The market preloader: pages of markets, markets, profiles and positions that will be read are
 * loaded before, as learned from what is read. It begins with the pages that the source documents
 * name, and after a restart with what it had learned. Beside it, tasks keep warm what everybody
 * needs. All of it shares one budget, and gives way to readers.
 */
import {
  openPreloader,
  openWarmer,
  type Preloader,
  type PreloadReport,
  type Warmer,
  type WarmTask,
} from 'staleproof/warm'
import { type MarketOrder, marketPageSize } from '../domain/market.ts'
import type { PolycoolCache } from '../domain/writes.ts'
import type { ServiceLogger } from '../process/logger.ts'
import { PriceMoves } from './price-moves.ts'

export interface WarmingSettings {
  /** How often tasks run; those that would let something end before run more often. */
  readonly everyMs: number
  readonly loadsPerSecond: number
  /** As a price between 0 and 1: who moves so far will be looked at. */
  readonly priceMove: number
}

export interface MarketPreloaderParts {
  readonly cache: PolycoolCache
  readonly settings: WarmingSettings
  readonly log: ServiceLogger
  /** What else is to be kept warm. */
  readonly tasks?: readonly WarmTask[]
}

/** The documents' pages: how many of each order. */
const firstPages: readonly (readonly [MarketOrder, number])[] = [
  ['volume', 3],
  ['liquidity', 2],
  ['new', 1],
  ['ending', 1],
]

/** A read of somebody, for what is preloaded for him. */
export interface NotedRead {
  readonly family: 'marketList' | 'market'
  readonly id: unknown
  readonly who: string
}

export class MarketPreloader {
  readonly #cache: PolycoolCache
  readonly #warmer: Warmer
  readonly #moves: PriceMoves
  readonly #opening: Promise<Preloader>
  #opened: Preloader | undefined

  /** Begins in the background. */
  constructor({ cache, settings, log, tasks = [] }: MarketPreloaderParts) {
    const { everyMs, loadsPerSecond, priceMove: threshold } = settings
    this.#cache = cache
    const everybody = [
      keptWarm('activeMarkets'),
      keptWarm('watchedAddresses'),
      keptWarm('searchable'),
      { ...keptWarm('leaderboard'), critical: true },
    ]
    const learned = { name: 'learnedReads', critical: false, run: () => this.#remember() }
    const all = [...everybody, learned, ...tasks].map((task) => within(task, everyMs))
    const options = { name: 'api', every: everyMs, loadsPerSecond, log, tasks: all }
    this.#warmer = openWarmer(cache, options)
    const onMove = (ids: readonly string[]) => this.#moved(ids)
    this.#moves = new PriceMoves({ cache, threshold, onMove })
    this.#warmer.accesses(({ family, id }) => {
      if (family === 'market') this.#moves.follow(String(id))
    })
    this.#opening = this.#open()
    // Whoever asks for it hears of it: the cache was closed at once.
    this.#opening.catch(() => {})
  }

  /** For what else is to share its budget. */
  get warmer(): Warmer {
    return this.#warmer
  }

  note(read: NotedRead): void {
    this.#warmer.note(read)
  }

  async report(): Promise<object> {
    const preloader = await this.#opening
    const { followed, moves } = this.#moves
    return {
      warmer: this.#warmer.report(),
      preloader: preloader.report(),
      prices: { followed, moves },
    }
  }

  /** Undefined: it is still being opened. */
  get preloaded(): PreloadReport | undefined {
    return this.#opened?.report()
  }

  async close(): Promise<void> {
    await this.#warmer.close()
    // What never opened has nothing to close.
    const preloader = await this.#opening.catch(() => undefined)
    await preloader?.close()
    await this.#moves.close()
  }

  async #open(): Promise<Preloader> {
    const { value: learned } = await this.#cache.learnedReads.lookup()
    this.#opened = await openPreloader(this.#warmer, {
      learned,
      families: {
        marketList: { seeds: firstPages.flatMap(pagesOf), entries: 100 },
        market: { entries: 100 },
        // Of those who were active lately.
        positions: { entries: 100, share: 1 },
        user: { entries: 100, share: 1 },
      },
      groups: { most: 100, entries: 4 },
    })
    return this.#opened
  }

  /** So that the next process begins where this one has ended. */
  async #remember(): Promise<void> {
    const preloader = await this.#opening
    await this.#cache.learnedReads.set(preloader.snapshot(), { reason: 'reads_learned' })
  }

  /** A list shows no price, so what is wanted now is the market. */
  #moved(marketIds: readonly string[]): void {
    const request = { family: 'market', ids: marketIds, urgent: true }
    // What can't be loaded is counted; what is no id was never followed.
    void this.#warmer.preload(request).catch(() => {})
  }
}

function pagesOf([order, pages]: readonly [MarketOrder, number]) {
  return Array.from({ length: pages }, (_, page) => {
    return { order, limit: marketPageSize, offset: page * marketPageSize }
  })
}

/** Often enough for the shortest of these lives, which is five minutes. */
const everyMsMax = 120_000

function within(task: WarmTask, everyMs: number): WarmTask {
  return { every: Math.min(everyMs, everyMsMax), ...task }
}

/** Of a family without parameters. */
function keptWarm(
  family: 'activeMarkets' | 'watchedAddresses' | 'searchable' | 'leaderboard',
): WarmTask {
  return {
    name: family,
    critical: false,
    run: async (_, budget) => {
      const { failed } = await budget.preload({ family, ids: [undefined], freshFor: everyMsMax })
      if (failed > 0) throw new Error(`${family} could not be loaded`)
    },
  }
}
