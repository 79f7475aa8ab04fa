/**
 * Hits in our memory tier. Each loop is written out, and in a file of its own for each
 * library, so that the engine optimises it for what it calls and not for all contestants.
 */
import type { Contestant } from '../contestant.ts'
import { accessMask, expectQuote, keyCount, zipfNumbers } from '../workload.ts'
import { type BenchCache, type BenchFamilyOf, fill, openBenchCache } from './bench-cache.ts'

export interface MemoryContestOptions<Id> {
  readonly name: string
  readonly redisUrl: string | undefined
  readonly family: BenchFamilyOf<Id>
}

/** How long trust may be away, on a machine that did not let us run. */
const trustMsMax = 10_000

export function awaitedGet<Id>(options: MemoryContestOptions<Id>): Contestant {
  const opened = new OpenedMemory(options)
  let at = 0
  return {
    name: options.name,
    prepare: () => opened.prepare(),
    async run(operations) {
      const { cache, accesses } = await opened.ready()
      const { name } = options.family
      const family = options.family.in(cache)
      const before = cache.stats().families[name]?.reads.memory ?? 0
      for (let operation = 0; operation < operations; operation++) {
        at = (at + 1) & accessMask
        await family.get(accesses[at] as Id)
      }
      return (cache.stats().families[name]?.reads.memory ?? 0) - before
    },
    close: () => opened.close(),
  }
}

export function peek<Id>(options: MemoryContestOptions<Id>): Contestant {
  const opened = new OpenedMemory(options)
  let at = 0
  return {
    name: options.name,
    prepare: () => opened.prepare(),
    async run(operations) {
      const { cache, accesses } = await opened.ready()
      const family = options.family.in(cache)
      let good = 0
      for (let operation = 0; operation < operations; operation++) {
        at = (at + 1) & accessMask
        if (family.peek(accesses[at] as Id) !== undefined) good++
      }
      return good
    },
    close: () => opened.close(),
  }
}

class OpenedMemory<Id> {
  readonly #options: MemoryContestOptions<Id>
  #cache: BenchCache | undefined
  #accesses: readonly Id[] = []

  constructor(options: MemoryContestOptions<Id>) {
    this.#options = options
  }

  async prepare(): Promise<void> {
    const { redisUrl, family, name } = this.#options
    const idOf = Array.from({ length: keyCount }, (_, number) => family.ids.of(number))
    this.#accesses = zipfNumbers().map((number) => idOf[number] as Id)
    this.#cache = await openBenchCache({ redisUrl, hasMemory: true })
    await fill(this.#cache, family)
    await this.ready()
    for (const number of [0, 7, 9_999]) {
      const id = family.ids.of(number)
      expectQuote(name, number, await family.in(this.#cache).get(id))
      expectQuote(name, number, family.in(this.#cache).peek(id))
    }
  }

  /** Memory serves only while it is trusted: waits for a beat where one is late. */
  async ready(): Promise<{ readonly cache: BenchCache; readonly accesses: readonly Id[] }> {
    const { family, name } = this.#options
    const cache = this.#cache
    if (cache === undefined) throw new Error(`${name} has not been prepared`)
    const deadlineMs = performance.now() + trustMsMax
    while (family.in(cache).peek(family.ids.of(0)) === undefined) {
      if (performance.now() > deadlineMs) throw new Error(`${name}: memory is not trusted`)
      await family.in(cache).get(family.ids.of(0))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    return { cache, accesses: this.#accesses }
  }

  async close(): Promise<void> {
    await this.#cache?.close()
  }
}
