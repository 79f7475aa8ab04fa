/** What services send meanwhile: reads and writes of strings, at an even pace. */
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'

/** Commands that the doctor never sends, so that the two can be told apart. */
export const ofServices: readonly string[] = ['mget', 'set']

const batch = 20
const pauseMs = 4
const idsTotal = 10_000

export class Traffic {
  readonly #redis: Redis
  readonly #running: Promise<void>
  #isOver = false

  constructor(redisUrl: string) {
    this.#redis = new Redis(redisUrl)
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await this.#running
    this.#redis.disconnect()
  }

  async #run(): Promise<void> {
    for (let at = 0; !this.#isOver; at = (at + 1) % idsTotal) {
      const reads = Array.from(
        { length: batch },
        (_, step) => `price:${(at + step * 37) % idsTotal}`,
      )
      const writes = reads
        .slice(0, 2)
        .map((key) => this.#redis.set(key, 'x'.repeat(200), 'EX', 600))
      await Promise.all([...reads.map((key) => this.#redis.mget(key)), ...writes])
      await pause(pauseMs)
    }
  }
}
