/** What peers offer for it: tags, groups, references, name spaces. */
import { definedIn, openDedupe } from '../libraries/async-cache-dedupe.ts'
import { openBento } from '../libraries/bentocache.ts'
import { openCacheable } from '../libraries/cacheable.ts'
import { type LibraryOptions, ttlMs } from '../libraries/library.ts'
import type { OpenedRemover, Remover } from './remover.ts'

const tag = 'removed'

export const peerRemovers: readonly Remover[] = [
  { name: 'bentocache deleteByTag', open: bentoTag },
  { name: 'bentocache namespace().clear()', open: bentoNamespace },
  { name: 'cacheable tags.invalidateTag', open: cacheableTag },
  { name: '@keyv/redis clear of a namespace', open: keyvNamespace },
  { name: 'layered-loader invalidateCacheForGroup', open: layeredGroup },
  { name: 'layered-loader RedisCache.clear()', open: layeredPrefix },
  { name: 'async-cache-dedupe, reference', open: dedupeReference },
  { name: 'async-cache-dedupe, wildcard', open: dedupeWildcard },
]

async function bentoTag(options: LibraryOptions): Promise<OpenedRemover> {
  const bento = openBento(options, true)
  const tags = [tag]
  return {
    fetch: (key) => bento.getOrSet({ key, ttl: '10m', tags, factory: () => options.load(key) }),
    remove: () => bento.deleteByTag({ tags }),
    close: () => bento.disconnectAll(),
  }
}

async function bentoNamespace(options: LibraryOptions): Promise<OpenedRemover> {
  const bento = openBento(options, true)
  const space = bento.namespace(tag)
  return {
    fetch: (key) => space.getOrSet({ key, ttl: '10m', factory: () => options.load(key) }),
    remove: () => space.clear(),
    close: () => bento.disconnectAll(),
  }
}

async function cacheableTag(options: LibraryOptions): Promise<OpenedRemover> {
  const cache = openCacheable(options, { tags: true })
  return {
    async fetch(key) {
      const found = await cache.get(key)
      if (found !== undefined) return found
      const value = await options.load(key)
      await cache.set(key, value, { ttl: '10m', tags: [tag] })
      return value
    },
    remove: () => cache.tags.invalidateTag(tag),
    close: () => cache.disconnect(),
  }
}

/** It is what cache-manager and cacheable clear through; it has no source. */
async function keyvNamespace(options: LibraryOptions): Promise<OpenedRemover> {
  const { peers, redisUrl, namespace, load } = options
  const keyv = new peers.Keyv({ store: new peers.KeyvRedis(redisUrl), namespace })
  return {
    async fetch(key) {
      const found = await keyv.get(key)
      if (found !== undefined) return found
      const value = await load(key)
      await keyv.set(key, value, ttlMs)
      return value
    },
    remove: () => keyv.clear(),
    close: () => keyv.disconnect(),
  }
}

async function layeredGroup(options: LibraryOptions): Promise<OpenedRemover> {
  const { peers, redisUrl, namespace, load } = options
  const connections = [1, 2, 3].map(() => new peers.Redis(redisUrl))
  const [data, consumerRedis, publisherRedis] = connections
  if (data === undefined || consumerRedis === undefined || publisherRedis === undefined) {
    throw new Error('expected three connections')
  }
  const channel = `${namespace}-notifications`
  const pair = peers.createGroupNotificationPair({ channel, consumerRedis, publisherRedis })
  const ttlInMsecs = ttlMs
  const loader = new peers.GroupLoader({
    inMemoryCache: { ttlInMsecs, maxItemsPerGroup: 10_000 },
    asyncCache: new peers.RedisGroupCache(data, { ttlInMsecs, prefix: namespace, json: true }),
    notificationPublisher: pair.publisher,
    notificationConsumer: pair.consumer,
    dataSources: [{ name: 'source', getFromGroup: load, getManyFromGroup: async () => [] }],
  })
  await loader.init()
  return {
    fetch: (key) => loader.get(key, tag),
    remove: () => loader.invalidateCacheForGroup(tag),
    async close() {
      await loader.close()
      for (const redis of connections) redis.disconnect()
    },
  }
}

/** All keys with a prefix; it has no source of its own. */
async function layeredPrefix(options: LibraryOptions): Promise<OpenedRemover> {
  const { peers, redisUrl, namespace, load } = options
  const redis = new peers.Redis(redisUrl)
  const cache = new peers.RedisCache(redis, { ttlInMsecs: ttlMs, prefix: namespace, json: true })
  return {
    async fetch(key) {
      const found = await cache.get(key)
      if (found !== undefined && found !== null) return found
      const value = await load(key)
      await cache.set(key, value)
      return value
    },
    remove: () => cache.clear(),
    close: async () => redis.disconnect(),
  }
}

function dedupeReference(options: LibraryOptions): Promise<OpenedRemover> {
  return dedupe(options, options.namespace)
}

/** Matches the one reference that all keys have. */
function dedupeWildcard(options: LibraryOptions): Promise<OpenedRemover> {
  return dedupe(options, `${options.namespace}*`)
}

async function dedupe(options: LibraryOptions, removed: string): Promise<OpenedRemover> {
  const { peers, redisUrl, namespace, load } = options
  const client = new peers.Redis(redisUrl)
  const cache = openDedupe(options, client, { referencesTTL: ttlMs / 1_000 })
  cache.define(namespace, { references: () => [namespace] }, load)
  const fetch = definedIn(cache, namespace)
  return {
    fetch,
    remove: () => cache.invalidateAll(removed),
    close: async () => client.disconnect(),
  }
}
