/** lru-cache: memory alone, with its own way of loading what is missing. */
import { itemsMax, type Library, ttlMs } from './library.ts'

export const lruCache: Library = {
  name: 'lru-cache',
  tiers: ['memory'],
  async open({ peers, load }) {
    const cache = new peers.LRUCache({ max: itemsMax, ttl: ttlMs, fetchMethod: load })
    return {
      fetch: (key) => cache.fetch(key),
      get: async (key) => cache.get(key),
      invalidate: async (key) => cache.delete(key),
      close: async () => {},
    }
  },
}
