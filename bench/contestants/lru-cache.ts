/** lru-cache, the floor of memory hits: called synchronously, or awaited as a cache's get is. */
import { hrtime } from 'node:process'
import type { Contestant } from '../contestant.ts'
import type { LruCache } from '../peer-types.ts'
import type { Peers } from '../peers.ts'
import { accessMask, expectQuote, type Ids, keyCount, quoteOf, zipfNumbers } from '../workload.ts'

export interface LruOptions<Id> {
  readonly name: string
  readonly peers: Peers
  readonly ids: Ids<Id>
  /** True: keys are texts made before; false: the id itself is the key. */
  readonly isKeyed?: boolean
}

/** The key is at hand, as it seldom is in an application. */
export function awaitedPrebuilt<Id>(options: LruOptions<Id>): Contestant {
  const opened = new OpenedLru(options, options.isKeyed ?? false)
  let at = 0
  return {
    name: options.name,
    prepare: () => opened.prepare(),
    async run(operations) {
      const { cache, keys } = opened
      let good = 0
      for (let operation = 0; operation < operations; operation++) {
        at = (at + 1) & accessMask
        if ((await cache.get(keys[at])) !== undefined) good++
      }
      return good
    },
    close: async () => {},
  }
}

/** The key is built from the id at each call. */
export function awaitedBuilt<Id>(options: LruOptions<Id>): Contestant {
  const opened = new OpenedLru(options, true)
  const { keyOf } = options.ids
  let at = 0
  return {
    name: options.name,
    prepare: () => opened.prepare(),
    async run(operations) {
      const { cache, accesses } = opened
      let good = 0
      for (let operation = 0; operation < operations; operation++) {
        at = (at + 1) & accessMask
        if ((await cache.get(keyOf(accesses[at] as Id))) !== undefined) good++
      }
      return good
    },
    close: async () => {},
  }
}

export function syncPrebuilt<Id>(options: LruOptions<Id>): Contestant {
  const opened = new OpenedLru(options, options.isKeyed ?? false)
  let at = 0
  return {
    name: options.name,
    prepare: () => opened.prepare(),
    async run(operations) {
      const { cache, keys } = opened
      let good = 0
      for (let operation = 0; operation < operations; operation++) {
        at = (at + 1) & accessMask
        if (cache.get(keys[at]) !== undefined) good++
      }
      return good
    },
    close: async () => {},
  }
}

/** As a cache must that may not serve what is over: each hit asks for the time. */
export function syncTimed<Id>(options: LruOptions<Id>): Contestant {
  const opened = new OpenedLru(options, options.isKeyed ?? false)
  let at = 0
  return {
    name: options.name,
    prepare: () => opened.prepare(),
    async run(operations) {
      const { cache, keys } = opened
      let good = 0
      for (let operation = 0; operation < operations; operation++) {
        at = (at + 1) & accessMask
        const [seconds] = hrtime()
        if (cache.get(keys[at]) !== undefined && seconds >= 0) good++
      }
      return good
    },
    close: async () => {},
  }
}

export function syncBuilt<Id>(options: LruOptions<Id>): Contestant {
  const opened = new OpenedLru(options, true)
  const { keyOf } = options.ids
  let at = 0
  return {
    name: options.name,
    prepare: () => opened.prepare(),
    async run(operations) {
      const { cache, accesses } = opened
      let good = 0
      for (let operation = 0; operation < operations; operation++) {
        at = (at + 1) & accessMask
        if (cache.get(keyOf(accesses[at] as Id)) !== undefined) good++
      }
      return good
    },
    close: async () => {},
  }
}

class OpenedLru<Id> {
  readonly cache: LruCache
  readonly #options: LruOptions<Id>
  readonly #isKeyed: boolean
  accesses: readonly Id[] = []
  keys: readonly unknown[] = []

  constructor(options: LruOptions<Id>, isKeyed: boolean) {
    this.cache = new options.peers.LRUCache({ max: keyCount })
    this.#options = options
    this.#isKeyed = isKeyed
  }

  async prepare(): Promise<void> {
    const { ids, name } = this.#options
    const all = Array.from({ length: keyCount }, (_, number) => ids.of(number))
    const keyAt = all.map((id) => (this.#isKeyed ? ids.keyOf(id) : id))
    for (const [number, key] of keyAt.entries()) this.cache.set(key, Object.freeze(quoteOf(number)))
    const numbers = zipfNumbers()
    this.accesses = numbers.map((number) => all[number] as Id)
    this.keys = numbers.map((number) => keyAt[number])
    for (const number of [0, 7, 9_999]) expectQuote(name, number, this.cache.get(keyAt[number]))
  }
}
