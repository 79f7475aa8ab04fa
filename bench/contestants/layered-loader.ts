/** Memory hits of layered-loader, the fastest of the peers: its loops are its own. */
import { randomUUID } from 'node:crypto'
import type { Contestant } from '../contestant.ts'
import { type OpenedLoader, openLoader } from '../libraries/layered-loader.ts'
import type { Peers } from '../peers.ts'
import { accessMask, expectQuote, type Ids, keyCount, quoteOf, zipfNumbers } from '../workload.ts'

export interface LayeredLoaderOptions<Id> {
  readonly name: string
  readonly peers: Peers
  readonly redisUrl: string | undefined
  readonly ids: Ids<Id>
}

export function awaitedLoader<Id>(options: LayeredLoaderOptions<Id>): Contestant {
  const filled = new FilledLoader(options)
  let at = 0
  return {
    name: options.name,
    prepare: () => filled.prepare(),
    async run(operations) {
      const { loader, keys } = filled
      let good = 0
      for (let operation = 0; operation < operations; operation++) {
        at = (at + 1) & accessMask
        if ((await loader.get(keys[at] ?? '')) !== undefined) good++
      }
      return good
    },
    close: () => filled.close(),
  }
}

export function syncLoader<Id>(options: LayeredLoaderOptions<Id>): Contestant {
  const filled = new FilledLoader(options)
  let at = 0
  return {
    name: options.name,
    prepare: () => filled.prepare(),
    async run(operations) {
      const { loader, keys } = filled
      let good = 0
      for (let operation = 0; operation < operations; operation++) {
        at = (at + 1) & accessMask
        if (loader.getInMemoryOnly(keys[at] ?? '') !== undefined) good++
      }
      return good
    },
    close: () => filled.close(),
  }
}

class FilledLoader<Id> {
  readonly #options: LayeredLoaderOptions<Id>
  #opened: OpenedLoader | undefined
  keys: readonly string[] = []

  constructor(options: LayeredLoaderOptions<Id>) {
    this.#options = options
  }

  get loader(): OpenedLoader['loader'] {
    if (this.#opened === undefined) throw new Error('it has not been prepared')
    return this.#opened.loader
  }

  async prepare(): Promise<void> {
    const { name, peers, redisUrl, ids } = this.#options
    const all = Array.from({ length: keyCount }, (_, number) => ids.keyOf(ids.of(number)))
    const numbers = new Map(all.map((key, number) => [key, number]))
    this.#opened = await openLoader({
      peers,
      redisUrl: redisUrl ?? '',
      namespace: `bench-${randomUUID()}`,
      tiers: redisUrl === undefined ? 'memory' : 'both',
      load: async (key) => quoteOf(numbers.get(key) ?? -1),
    })
    for (const key of all) await this.loader.get(key)
    this.keys = zipfNumbers().map((number) => all[number] ?? '')
    for (const number of [0, 7, 9_999]) {
      expectQuote(name, number, this.loader.getInMemoryOnly(all[number] ?? ''))
    }
  }

  async close(): Promise<void> {
    await this.#opened?.close()
  }
}
