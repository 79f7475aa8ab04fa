/** A writer with a journal on disk, for a test that kills it. */
import { isStaleproofError, openCache } from 'staleproof'
import { serveCalls } from '../servers/worker.ts'
import { catalog } from './world.ts'

export interface JournalWorkerInit {
  readonly redis: string
  readonly namespace: string
  readonly journal: string
}

export type JournalWorkerCalls = {
  /** The code of what it rejects with. */
  readonly invalidate: (name: string) => Promise<string>
}

serveCalls(async (init: JournalWorkerInit): Promise<JournalWorkerCalls> => {
  const cache = await openCache(catalog, { service: 'writer', log: false, ...init })
  // The server knows the script from here on.
  await cache.item.invalidate('warm')
  return {
    async invalidate(name) {
      const error: unknown = await cache.item.invalidate(name).catch((caught: unknown) => caught)
      return isStaleproofError(error) ? error.code : 'none'
    },
  }
})
