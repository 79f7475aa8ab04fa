/**
 * The samples of a day, kept by this process so that charts of any number of pages cost Redis
 * what one costs: a sample comes once a minute, and only what is newer is read.
 */
import type { Clock } from '../core/contracts/clock.ts'
import type { HistorySample } from '../observe/index.ts'

export const historyReadEveryMs = 30_000
const dayMs = 24 * 3_600_000
/** The writer's clock may be that far from the server's, by which samples are found. */
const overlapMs = 5 * 60_000

export class HeldHistory {
  readonly #clock: Clock
  readonly #read: (sinceMs: number) => Promise<readonly HistorySample[]>
  /** By the time of each, so that none is held twice. */
  readonly #samples = new Map<number, HistorySample>()
  #reading: Promise<void> | undefined
  #readMs = Number.NEGATIVE_INFINITY

  constructor(clock: Clock, read: (sinceMs: number) => Promise<readonly HistorySample[]>) {
    this.#clock = clock
    this.#read = read
  }

  /** Oldest first. Rejects with the error of who reads it. */
  async since(sinceMs: number): Promise<readonly HistorySample[]> {
    if (this.#clock.now() - this.#readMs >= historyReadEveryMs) {
      this.#reading ??= this.#renew().finally(() => {
        this.#reading = undefined
      })
      await this.#reading
    }
    const samples = [...this.#samples.values()].filter(({ atMs }) => atMs >= sinceMs)
    return samples.sort((left, right) => left.atMs - right.atMs)
  }

  async #renew(): Promise<void> {
    const oldestMs = this.#clock.wallMs() - dayMs
    for (const atMs of this.#samples.keys()) if (atMs < oldestMs) this.#samples.delete(atMs)
    const newestMs = Math.max(oldestMs, ...this.#samples.keys())
    for (const sample of await this.#read(Math.max(oldestMs, newestMs - overlapMs))) {
      this.#samples.set(sample.atMs, sample)
    }
    this.#readMs = this.#clock.now()
  }
}
