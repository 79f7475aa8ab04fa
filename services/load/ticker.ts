/**
 * Price updates at a fixed rate: holds the provider's tape and steps it, one recorded moment after
 * the other, so far apart that the quotes which moved come to that rate.
 */
import { z } from 'zod'
import type { HttpPool } from './http-pool.ts'
import { Repeater } from './repeater.ts'

const stepped = z.object({ moved: z.array(z.string()) })
/** A moment in which nothing moved; no shorter than the tape itself would wait. */
const stepMsMin = 20

export interface TickerOptions {
  readonly upstream: HttpPool
  readonly adminToken: string
  readonly updatesPerSecond: number
}

export class Ticker {
  readonly #options: TickerOptions
  readonly #loop: Repeater
  #updates = 0

  private constructor(options: TickerOptions) {
    this.#options = options
    this.#loop = new Repeater(() => this.#step())
  }

  static async start(options: TickerOptions): Promise<Ticker> {
    const ticker = new Ticker(options)
    await ticker.#control('pause')
    ticker.#loop.start()
    return ticker
  }

  /** Quotes that moved since the start. */
  get updates(): number {
    return this.#updates
  }

  async stop(): Promise<void> {
    await this.#loop.stop()
    await this.#control('resume')
  }

  async #step(): Promise<number> {
    const { moved } = stepped.parse(await this.#control('tick'))
    this.#updates += moved.length
    return Math.max(stepMsMin, (moved.length / this.#options.updatesPerSecond) * 1_000)
  }

  #control(verb: string): Promise<unknown> {
    const { upstream, adminToken } = this.#options
    const headers = { authorization: `Bearer ${adminToken}` }
    return upstream.json({ method: 'POST', path: `/control/${verb}`, body: {}, headers })
  }
}
