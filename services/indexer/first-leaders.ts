/** Where nobody is watched yet, the provider's leaders are, so that there is something to see. */
import type { ServiceLogger } from '../process/logger.ts'
import { fetchWatchedAddresses, watchAddress } from './api-client.ts'
import { fetchLeaders } from './upstream-client.ts'

export interface FirstLeadersOptions {
  readonly apiUrl: string
  readonly upstreamUrl: string
  readonly log: ServiceLogger
}

const leadersMax = 10

/** Through the API, which owns that table and invalidates after it. */
export async function watchFirstLeaders(
  { apiUrl, upstreamUrl, log }: FirstLeadersOptions,
  signal: AbortSignal,
): Promise<void> {
  if ((await fetchWatchedAddresses(apiUrl, signal)).length > 0) return
  const leaders = (await fetchLeaders(upstreamUrl, signal)).slice(0, leadersMax)
  for (const leader of leaders) {
    await watchAddress(apiUrl, {
      address: leader.proxyWallet.toLowerCase(),
      label: leader.userName,
    })
  }
  log.info({ leaders: leaders.length }, 'watching the first leaders')
}
