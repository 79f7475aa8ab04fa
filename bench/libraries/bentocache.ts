/** bentocache; its memory serialises values by default, and holds 1,000 of them. */
import type { BentoCache, RedisAddress } from '../peer-types.ts'
import { bytesMax, itemsMax, type Library, type LibraryOptions } from './library.ts'

const ttl = '10m'

interface Variant {
  readonly name: string
  readonly serialises: boolean
  readonly tags: readonly string[]
}

export const bentocache: Library = variantOf({ name: 'bentocache', serialises: true, tags: [] })
export const bentocacheTagged: Library = variantOf({
  name: 'bentocache, 1 tag',
  serialises: true,
  tags: ['bench'],
})
/** Memory alone: with Redis below it, its second read of a value throws. */
export const bentocacheObjects: Library = {
  ...variantOf({ name: 'bentocache, serialize: false', serialises: false, tags: [] }),
  tiers: ['memory'],
}

function variantOf({ name, serialises, tags }: Variant): Library {
  return {
    name,
    tiers: ['memory', 'redis', 'both'],
    async open(options) {
      const bento = openBento(options, serialises)
      const { load } = options
      return {
        fetch: (key) => bento.getOrSet({ key, ttl, tags, factory: () => load(key) }),
        get: (key) => bento.get({ key }),
        invalidate: (key) => bento.delete({ key }),
        close: () => bento.disconnectAll(),
      }
    },
  }
}

/** With the tiers asked for. */
export function openBento(options: LibraryOptions, serialises: boolean): BentoCache {
  const { peers, redisUrl, tiers, namespace } = options
  const connection = addressOf(redisUrl)
  const memory = peers.memoryDriver(
    serialises
      ? { maxItems: itemsMax, maxSize: bytesMax }
      : { maxItems: itemsMax, serialize: false },
  )
  let store = peers.bentostore()
  if (tiers !== 'redis') store = store.useL1Layer(memory)
  if (tiers !== 'memory') store = store.useL2Layer(peers.redisDriver({ connection }))
  if (tiers === 'both') store = store.useBus(peers.redisBusDriver({ connection }))
  return new peers.BentoCache({ default: 'all', prefix: namespace, stores: { all: store } })
}

function addressOf(redisUrl: string): RedisAddress {
  const { hostname, port, username, password } = new URL(redisUrl)
  const address = { host: hostname, port: Number(port || 6_379) }
  return password === '' ? address : { ...address, username, password }
}
