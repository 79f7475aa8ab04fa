/** A service of the shop: a cache that tells what it does, and the admin API where asked for. */
import { createServer } from 'node:http'
import { type CacheStats, openCache } from 'staleproof'
import { opsListener } from 'staleproof/node'
import { openOps, openReporter } from 'staleproof/ops'
import { serveCalls } from '../servers/worker.ts'
import { shopCatalog } from './shop-catalog.ts'

export interface ShopInit {
  /** An address, or those of a cluster. */
  readonly redis: string | { readonly cluster: readonly string[] }
  readonly service: string
  /** Of an operator; absent: there is no admin API. */
  readonly token?: string
}

export interface ShopCalls {
  readonly [name: string]: (...args: never[]) => unknown
  readonly read: (ids: readonly number[]) => Promise<void>
  readonly invalidate: (id: number, reason: string) => Promise<void>
  /** Is it in memory, and would be served? */
  readonly holds: (id: number) => boolean
  readonly stats: () => CacheStats
  /** Reads of this service, and those that others have published by now. */
  readonly published: () => Promise<number>
  /** Where the admin API is. */
  readonly address: () => string
}

serveCalls(async ({ redis, service, token }: ShopInit): Promise<ShopCalls> => {
  const sources = {
    product: async (id: number) => ({ id, name: `Product ${id}` }),
    category: async (name: string) => [name],
  }
  // Not the default: a command that does not take it over costs this cache its trust.
  const options = { service, redis, sources, trust: '3s', log: false } as const
  const cache = await openCache(shopCatalog, options)
  const reporter = await openReporter(cache, { redis })
  let address = ''
  if (token !== undefined) {
    const auth = [{ name: 'ann', role: 'administrator', token }] as const
    const ops = openOps(cache, { reporter, redis, auth, environment: 'test' })
    const server = createServer(opsListener(ops))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const listening = server.address()
    if (listening !== null && typeof listening === 'object') {
      address = `http://127.0.0.1:${listening.port}`
    }
  }
  return {
    async read(ids) {
      for (const id of ids) await cache.product.get(id)
      await cache.settled()
    },
    async invalidate(id, reason) {
      await cache.product.invalidate(id, { reason })
    },
    holds: (id) => cache.product.peek(id) !== undefined,
    stats: () => cache.stats(),
    async published() {
      const { processes } = await reporter.facts()
      const families = processes.flatMap(({ facts }) => Object.values(facts.stats.families))
      const reads = families.flatMap((family) => Object.values(family.reads))
      return reads.reduce((sum, count) => sum + count, 0)
    },
    address: () => address,
  }
})
