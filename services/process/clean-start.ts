/**
 * What a process had committed and not yet told when it was killed, nobody tells any more: its old
 * values would be shown until their TTL ends. So the next process of that service begins by
 * clearing the families that the service writes, each in constant time, before it answers anyone.
 */
import { isStaleproofError } from 'staleproof'
import type { PolycoolFamilies } from '../domain/catalog.ts'
import type { PolycoolCache, ServiceName } from '../domain/writes.ts'
import type { ServiceLogger } from './logger.ts'

/** `services/domain/writes.test.ts` compares it with the writes. */
export const writtenFamilies: Readonly<Record<ServiceName, readonly (keyof PolycoolFamilies)[]>> = {
  api: [
    'positions',
    'position',
    'user',
    'userStats',
    'watchedAddresses',
    'smartTrades',
    'leaderboard',
  ],
  workers: [
    'price',
    'userStats',
    'market',
    'marketByCondition',
    'tokenMeaning',
    'smartTrades',
    'activeMarkets',
    'marketGroup',
    'marketGroups',
    'marketList',
    'search',
    'searchable',
  ],
  indexer: ['smartTrades', 'leaderboard'],
}

/** One that Redis could not be told is kept by the cache and repeated before anything else. */
export async function clearWritten(
  { cache, log }: { readonly cache: PolycoolCache; readonly log: ServiceLogger },
  service: ServiceName,
): Promise<void> {
  const reason = 'service_started'
  const clears = writtenFamilies[service].map((family) => cache[family].clear({ reason }))
  for (const clear of await Promise.allSettled(clears)) {
    if (clear.status === 'fulfilled') continue
    if (!isStaleproofError(clear.reason, 'SP_INVALIDATION_PENDING')) throw clear.reason
    log.debug({ reason }, 'invalidation kept for later')
  }
}
