/** Requests that go on whatever happens, each timed and compared with what was acknowledged. */
import { z } from 'zod'
import { pause } from './check.ts'
import type { Scene } from './scene.ts'
import { type Acknowledged, ageOf } from './staleness.ts'

const users = 4
const readersPerUser = 2
const betweenReadsMs = 15
const betweenWritesMs = 250
/** Writes that the ages are counted against: enough to see one lost, few enough to compare. */
const writesMax = 400

const shown = z.array(z.object({ id: z.number() }))

export interface LoadReport {
  readonly latencies: readonly number[]
  readonly failures: readonly string[]
  readonly largestAgeMs: number
  readonly reads: number
  readonly writes: number
}

export class OutageLoad {
  readonly watchedUser: number
  readonly #scene: Scene
  readonly #latencies: number[] = []
  readonly #failures: string[] = []
  #largestAgeMs = 0
  #reads = 0
  #writes = 0
  #isOver = false
  #loops: Promise<void>[] = []

  private constructor(scene: Scene, watchedUser: number) {
    this.#scene = scene
    this.watchedUser = watchedUser
  }

  static async start(scene: Scene): Promise<OutageLoad> {
    const [market] = await scene.markets('volume', 1)
    const people = await Promise.all(
      Array.from({ length: users }, (_, index) => scene.user(91_000 + index, `Storm ${index}`)),
    )
    const load = new OutageLoad(scene, people[0]?.id ?? 0)
    for (const { id } of people) load.#follow(id, market?.id ?? '')
    return load
  }

  async stop(): Promise<LoadReport> {
    this.#isOver = true
    await Promise.all(this.#loops)
    return {
      latencies: this.#latencies,
      failures: this.#failures,
      largestAgeMs: this.#largestAgeMs,
      reads: this.#reads,
      writes: this.#writes,
    }
  }

  #follow(userId: number, marketId: string): void {
    const writes: Acknowledged[] = []
    this.#loops.push(this.#repeat(betweenWritesMs, () => this.#write(userId, marketId, writes)))
    for (let reader = 0; reader < readersPerUser; reader++) {
      const where = reader % 2 === 0 ? 'bot' : 'api'
      this.#loops.push(this.#repeat(betweenReadsMs, () => this.#read(where, userId, writes)))
    }
    this.#loops.push(this.#repeat(betweenReadsMs * 4, () => this.#readMarket(marketId)))
  }

  async #write(userId: number, marketId: string, writes: Acknowledged[]): Promise<void> {
    if (writes.length >= writesMax) return
    const { id } = await this.#scene.buy(userId, marketId, 1)
    writes.push({ positionId: id, atMs: performance.now() })
    this.#writes++
  }

  async #read(
    where: 'bot' | 'api',
    userId: number,
    writes: readonly Acknowledged[],
  ): Promise<void> {
    const beganMs = performance.now()
    const known = [...writes]
    const { value } = await this.#scene.look(where, 'positions', userId)
    const positionIds = new Set(shown.parse(value).map((position) => position.id))
    this.#largestAgeMs = Math.max(this.#largestAgeMs, ageOf({ beganMs, positionIds }, known))
    this.#reads++
  }

  async #readMarket(marketId: string): Promise<void> {
    await this.#scene.get(`/markets/${encodeURIComponent(marketId)}`)
    this.#reads++
  }

  async #repeat(everyMs: number, act: () => Promise<void>): Promise<void> {
    while (!this.#isOver) {
      const startedMs = performance.now()
      try {
        await act()
      } catch (error) {
        this.#failures.push(String(error))
      }
      this.#latencies.push(performance.now() - startedMs)
      await pause(everyMs)
    }
  }
}
