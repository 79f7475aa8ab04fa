/**
 * Any library behind its door as a contestant. The loop is shared, which costs some
 * nanoseconds at each call: what is faster than that has a loop of its own beside this file.
 */
import { randomUUID } from 'node:crypto'
import type { Contestant } from '../contestant.ts'
import { inLanes } from '../lanes.ts'
import { fullestTiers, type Library, type OpenedLibrary, type Tiers } from '../libraries/library.ts'
import type { Peers } from '../peers.ts'
import {
  accessMask,
  expectQuote,
  keyCount,
  numberOfText,
  quoteOf,
  textIdOf,
  textIds,
  zipfNumbers,
} from '../workload.ts'

export interface LibraryContestOptions {
  readonly library: Library
  readonly peers: Peers
  readonly redisUrl: string | undefined
  /** See `Contestant`. */
  readonly share?: number
  /** Default: the name of the library, with the tiers where it can't have both. */
  readonly name?: string
}

const keyOf = (number: number) => textIds.keyOf(textIds.of(number))

/** Hits in memory, in the order of access of an application. */
export function memoryHit(options: LibraryContestOptions): Contestant {
  const opened = new OpenedContestant(options, fullestMemory(options.library))
  let keys: readonly string[] = []
  let at = 0
  return {
    ...opened.contestant,
    async prepare() {
      await opened.fill()
      keys = zipfNumbers().map(keyOf)
    },
    run: (operations) =>
      opened.withoutLoads(async (cache) => {
        let good = 0
        for (let operation = 0; operation < operations; operation++) {
          at = (at + 1) & accessMask
          if ((await cache.get(keys[at] ?? '')) !== undefined) good++
        }
        return good
      }),
  }
}

interface Crowd {
  readonly lanes: number
  /** Keys of one operation. Default 1. */
  readonly batch?: number
}

/** Without its memory, so that each read goes to Redis. */
export function redisHit(options: LibraryContestOptions & Crowd): Contestant {
  const { lanes, batch = 1 } = options
  const opened = new OpenedContestant(options, 'redis')
  const keys = Array.from({ length: keyCount }, (_, number) => keyOf(number))
  let at = 0
  return {
    ...opened.contestant,
    prepare: () => opened.fill(),
    run: (operations) =>
      opened.withoutLoads((cache) =>
        inLanes(lanes, operations, async () => {
          at = (at + batch) % keyCount
          if (batch === 1) return (await cache.get(keys[at] ?? '')) !== undefined
          const values = await getAll(cache, keys.slice(at, at + batch))
          return values.length === batch && values.every((value) => value !== undefined)
        }),
      ),
  }
}

/** Missing keys with each operation, with all tiers that the library has. */
export function loadThrough(options: LibraryContestOptions & Crowd): Contestant {
  const { library, lanes, batch = 1 } = options
  const opened = new OpenedContestant(options, fullestTiers(library))
  let next = 0
  return {
    ...opened.contestant,
    async prepare() {
      const cache = await opened.open()
      expectQuote(library.name, 0, await cache.fetch(keyOf(next++)))
      expectQuote(library.name, 0, await cache.fetch(keyOf(0)))
      if (opened.loads !== 1) throw new Error(`it loaded one key ${opened.loads} times`)
    },
    async run(operations) {
      const before = opened.loads
      await inLanes(lanes, operations, async () => {
        const keys = Array.from({ length: batch }, (_, at) => keyOf(next + at))
        next += batch
        await fetchAll(opened.cache, keys)
        return true
      })
      return (opened.loads - before) / batch
    },
  }
}

/** Its own call for many keys, else as many calls at once. */
export async function getAll(
  cache: OpenedLibrary,
  keys: readonly string[],
): Promise<readonly unknown[]> {
  return cache.getMany?.(keys) ?? Promise.all(keys.map((key) => cache.get(key)))
}

async function fetchAll(cache: OpenedLibrary, keys: readonly string[]): Promise<unknown> {
  const [first = ''] = keys
  if (keys.length === 1) return cache.fetch(first)
  return cache.fetchMany?.(keys) ?? Promise.all(keys.map((key) => cache.fetch(key)))
}

/** Memory with Redis below it and messages beside it, where the library has them. */
function fullestMemory({ tiers }: Library): Tiers {
  return tiers.includes('both') ? 'both' : 'memory'
}

class OpenedContestant {
  readonly contestant: Pick<Contestant, 'name' | 'share' | 'close'>
  readonly #options: LibraryContestOptions
  readonly #tiers: Tiers
  #cache: OpenedLibrary | undefined
  loads = 0

  constructor(options: LibraryContestOptions, tiers: Tiers) {
    this.#options = options
    this.#tiers = tiers
    const { library, share = 1 } = options
    const isPart = tiers !== 'both' && library.tiers.length > 1 && !library.tiers.includes('both')
    const name = options.name ?? (isPart ? `${library.name} (${tiers} only)` : library.name)
    this.contestant = { name, share, close: async () => this.#cache?.close() }
  }

  get cache(): OpenedLibrary {
    if (this.#cache === undefined) throw new Error('it has not been prepared')
    return this.#cache
  }

  async open(): Promise<OpenedLibrary> {
    const { library, peers, redisUrl = '' } = this.#options
    const load = async (key: string) => {
      this.loads++
      return quoteOf(numberOfText(key))
    }
    // Contests of one run must not find each other's keys.
    const namespace = `bench-${randomUUID()}`
    const source = { load, keyOf: (value: unknown) => textIds.keyOf(textIdOf(value)) }
    const tiers = this.#tiers
    this.#cache = await library.open({ peers, redisUrl, namespace, tiers, ...source })
    return this.#cache
  }

  async fill(): Promise<void> {
    const cache = await this.open()
    await inLanes(64, keyCount, async (number) => {
      await cache.fetch(keyOf(number))
      return true
    })
    for (const number of [0, 7, 9_999]) {
      expectQuote(this.contestant.name, number, await cache.get(keyOf(number)))
    }
  }

  /** None of them good if the source was asked: then they were no hits. */
  async withoutLoads(work: (cache: OpenedLibrary) => Promise<number>): Promise<number> {
    const before = this.loads
    const good = await work(this.cache)
    return this.loads === before ? good : 0
  }
}
