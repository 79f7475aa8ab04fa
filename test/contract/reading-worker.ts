/** A second process that reads what the test has stored. */
import { openCache } from 'staleproof'
import { serveCalls } from '../servers/worker.ts'
import { catalog } from './second-process.ts'

interface Init {
  readonly redis: string
  readonly namespace: string
}

export interface ReadingCalls {
  readonly [name: string]: (...args: never[]) => unknown
  readonly lookup: (id: string) => Promise<{ readonly from: string; readonly value: unknown }>
}

serveCalls(async ({ redis, namespace }: Init): Promise<ReadingCalls> => {
  const cache = await openCache(catalog, { service: 'second', redis, namespace, log: false })
  return {
    lookup: async (id) => {
      const { from, value } = await cache.any.lookup(id)
      return { from, value }
    },
  }
})
