/**
 * Whatever the options, the times, the failures and the tier: nothing is served that is older
 * than `maxStale`, counted from the start of its load. And nothing that was loaded before an
 * invalidation that the reader itself has waited for.
 */
import { afterEach, expect, test } from 'vitest'
import { SeededChance } from '../testing/seeded-chance.ts'
import { AgingWorld, type Process } from './aging-world.test-support.ts'

const runs = 24
const stepsPerRun = 200
const keys = ['a', 'b', 'c'] as const

let world: AgingWorld | undefined
afterEach(() => world?.close())

class Run {
  readonly #chance: SeededChance
  readonly world: AgingWorld
  readonly maxStaleMs: number
  readonly startedMs: number[] = []
  /** By key: loads that began before have been invalidated. */
  readonly #floorOf = new Map<string, number>()
  readonly served = new Set<string>()

  constructor(seed: number) {
    this.#chance = new SeededChance(seed)
    const ttl = this.#between(1_000, 10_000)
    this.maxStaleMs = this.#between(ttl, 40_000)
    this.world = new AgingWorld({ ttl, maxStale: this.maxStaleMs, ...this.#options(ttl) })
    this.world.load = () => this.#load()
  }

  async play(): Promise<void> {
    const processes: Process[] = []
    for (let index = 0; index < 3; index++) {
      processes.push(await this.world.open({ hasMemory: index < 2 }))
    }
    for (let step = 0; step < stepsPerRun; step++) {
      const { item } = this.#pick(processes)
      const key = this.#pick(keys)
      const roll = this.#between(0, 100)
      if (roll < 70) this.#read(item, key)
      else if (roll < 76) this.#invalidate(item, key)
      else if (roll < 80) item.activity([key]).catch(() => {})
      else if (roll < 82) this.world.server.evict(`item:${key}`)
      else if (roll < 83) this.world.server.restart(this.#pick(['kept', 'lost']))
      else await this.world.pass(this.#between(1, this.#flip() ? 200 : this.maxStaleMs / 4))
    }
    await this.world.pass(60_000)
  }

  #options(ttl: number): object {
    const windows = {
      ...(this.#flip() ? { staleWhileRevalidate: this.#between(1_000, 30_000) } : {}),
      ...(this.#flip() ? { staleIfError: this.#between(1_000, 60_000) } : {}),
    }
    const hasWindow = Object.keys(windows).length > 0
    const calm = { calm: 0, wild: 10, longest: this.maxStaleMs, shortest: 1_000 }
    const distance = (before: number, after: number) => Math.abs(after - before)
    return {
      ...windows,
      ...(hasWindow && this.#flip() ? { softTimeout: this.#between(10, 900) } : {}),
      ...(this.#flip() ? { earlyRefresh: { beta: this.#between(1, 20) } } : {}),
      adaptiveTtl: {
        ...(this.#flip() ? { access: { extend: this.#between(1_000, 60_000) } } : {}),
        activity: { ttl: this.#between(1_000, ttl + 1_000), for: 20_000 },
        ...(this.#flip() ? { volatility: { distance, ...calm } } : {}),
      },
    }
  }

  /** A value is the number of its load. */
  async #load(): Promise<number> {
    const number = this.startedMs.push(this.world.clock.now()) - 1
    const ms = this.#between(0, this.#flip() ? 50 : 1.5 * this.maxStaleMs)
    const fails = this.#between(0, 100) < 35
    await new Promise<void>((resolve) => this.world.clock.timer(ms, resolve))
    if (fails) throw new Error('the source is down')
    return number
  }

  #read(item: Process['item'], key: string): void {
    const floor = this.#floorOf.get(key) ?? 0
    const peeked = item.peek(key)
    if (typeof peeked === 'number') this.#judge(key, peeked, 0)
    const consistency = this.#pick(['bounded', 'bounded', 'strict'] as const)
    const reading = item.lookup(key, { consistency })
    void reading.then(({ value, from }) => {
      if (typeof value !== 'number') return
      this.served.add(from)
      this.#judge(key, value, consistency === 'strict' ? floor : 0)
    })
  }

  #judge(key: string, value: number, floor: number): void {
    const ageMs = this.world.clock.now() - (this.startedMs[value] ?? 0)
    if (ageMs > this.maxStaleMs)
      throw new Error(`${key}: ${ageMs} ms old, at most ${this.maxStaleMs}`)
    if (value < floor) throw new Error(`${key}: load ${value} was invalidated before load ${floor}`)
  }

  /** What has begun to load by now must not be read strictly any more. */
  #invalidate(item: Process['item'], key: string): void {
    const floor = this.startedMs.length
    item.invalidate([key]).then(
      () => this.#floorOf.set(key, Math.max(floor, this.#floorOf.get(key) ?? 0)),
      () => {},
    )
  }

  #flip(): boolean {
    return this.#chance.unit() < 0.5
  }

  #between(from: number, to: number): number {
    return Math.floor(from + this.#chance.unit() * (to - from))
  }

  #pick<T>(from: readonly T[]): T {
    const picked = from[this.#between(0, from.length)]
    if (picked === undefined) throw new RangeError('expected something to pick from')
    return picked
  }
}

test('no combination of options serves what is older than maxStale', async () => {
  const errors: unknown[] = []
  const note = (error: unknown) => errors.push(error)
  process.on('unhandledRejection', note)
  const served = new Set<string>()
  try {
    for (let seed = 1; seed <= runs && errors.length === 0; seed++) {
      const run = new Run(seed)
      world = run.world
      await run.play()
      await run.world.close()
      for (const tier of run.served) served.add(tier)
      if (errors.length > 0) errors.push(`seed ${seed}`)
    }
  } finally {
    process.off('unhandledRejection', note)
  }
  expect(errors).toEqual([])
  expect([...served].sort()).toEqual(['joined', 'memory', 'redis', 'source', 'stale'])
})
