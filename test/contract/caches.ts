/**
 * Opens the caches of a test and closes them after it. `describeCache` runs one suite on both
 * second tiers, because they promise the same behaviour; several caches opened by one test
 * share a namespace, as the processes of one system do.
 */
import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { type Cache, type CacheOptions, type Catalog, type Families, openCache } from 'staleproof'
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import { describeWithRedis, startRedis, type TestRedis } from '../servers/redis.ts'

export type Open = <F extends Families>(
  catalog: Catalog<F>,
  options?: Partial<CacheOptions<F>>,
) => Promise<Cache<F>>

/** A native server for all tests of a block, with a client to look at it from outside. */
export interface RedisBench {
  readonly server: TestRedis
  readonly client: Redis
  /** Of the present test. */
  readonly namespace: string
  readonly open: Open
}

/** The same tests on the embedded tier and on Redis. */
export function describeCache(name: string, suite: (open: Open) => void): void {
  describe(`${name} (embedded)`, () => {
    const { open } = useCaches(() => ({}))
    suite(open)
  })
  describeRedis(`${name} (Redis)`, (bench) => suite(bench.open))
}

/** Tests that look into the server, or need one to break. */
export function describeRedis(
  name: string,
  suite: (bench: RedisBench) => void,
  args: readonly string[] = [],
): void {
  describeWithRedis(name, () => {
    let server: TestRedis | undefined
    let client: Redis | undefined
    beforeAll(async () => {
      server = await startRedis({ args })
      client = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: null })
      client.on('error', () => {})
    })
    afterAll(async () => {
      client?.disconnect()
      await server?.stop()
    })
    const caches = useCaches(() => ({ redis: there(server).url }))
    suite({
      get server() {
        return there(server)
      },
      get client() {
        return there(client)
      },
      get namespace() {
        return caches.namespace
      },
      open: caches.open,
    })
  })
}

/** Caches of a namespace that each test has for itself. */
export function useCaches(address: () => { readonly redis?: string | object }): {
  readonly namespace: string
  readonly open: Open
} {
  const opened: { close(): Promise<void> }[] = []
  let namespace = ''
  beforeEach(() => {
    namespace = `t${randomUUID().slice(0, 8)}`
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((cache) => cache.close()))
  })
  return {
    get namespace() {
      return namespace
    },
    async open(catalog, options) {
      const cache = await openCache(catalog, {
        service: 'test',
        log: false,
        namespace,
        ...address(),
        ...options,
      })
      opened.push(cache)
      return cache
    },
  }
}

function there<T>(thing: T | undefined): T {
  if (thing === undefined) throw new Error('expected to be asked within a test')
  return thing
}
