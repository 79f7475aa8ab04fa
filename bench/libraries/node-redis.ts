/**
 * node-redis, plainly and with the client-side cache of Redis. Neither has a source: what
 * is missing is loaded and SET by hand.
 */
import type { NodeRedis } from '../peer-types.ts'
import { type Library, type LibraryOptions, type OpenedLibrary, ttlMs } from './library.ts'

export const nodeRedis: Library = {
  name: 'node-redis',
  tiers: ['redis'],
  open: (options) => openByHand(options, undefined),
}

export const nodeRedisClientSide: Library = {
  name: 'node-redis, client-side cache',
  tiers: ['both'],
  open: (options) =>
    openByHand(options, new options.peers.BasicClientSideCache({ ttl: 0, maxEntries: 0 })),
}

async function openByHand(
  options: LibraryOptions,
  clientSideCache: object | undefined,
): Promise<OpenedLibrary> {
  const { namespace, load } = options
  const client = await connect(options, clientSideCache)
  const slotOf = (key: string) => `${namespace}:${key}`
  const get = async (key: string) => parsed(await client.get(slotOf(key)))
  return {
    async fetch(key) {
      const found = await get(key)
      if (found !== undefined) return found
      const value = await load(key)
      await client.set(slotOf(key), JSON.stringify(value), { PX: ttlMs })
      return value
    },
    get,
    getMany: async (keys) => (await client.mGet(keys.map(slotOf))).map(parsed),
    invalidate: (key) => client.del(slotOf(key)),
    close: async () => client.destroy(),
  }
}

async function connect(
  { peers, redisUrl }: LibraryOptions,
  clientSideCache: object | undefined,
): Promise<NodeRedis> {
  const client = peers.createClient({
    url: redisUrl,
    RESP: 3,
    ...(clientSideCache && { clientSideCache }),
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

function parsed(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text)
}
