/** Where nobody is watched yet, the provider's leaders are, so that there is something to see. */
import type { ServiceLogger } from '../process/logger.ts'
import type { Provider } from '../process/provider-quota.ts'
import { type ApiAccess, fetchWatchedAddresses, watchAddress } from './api-client.ts'
import { fetchLeaders } from './upstream-client.ts'

export interface FirstLeadersOptions extends ApiAccess {
  readonly provider: Provider
  readonly log: ServiceLogger
}

const leadersMax = 10
/** What the API takes; a leader without a name is shown by the address. */
const labelLengthMax = 100

/** Through the API, which owns that table and invalidates after it. */
export async function watchFirstLeaders(
  options: FirstLeadersOptions,
  signal: AbortSignal,
): Promise<void> {
  const { provider, log } = options
  if ((await fetchWatchedAddresses(options, signal)).length > 0) return
  const leaders = (await fetchLeaders(provider, signal)).slice(0, leadersMax)
  for (const leader of leaders) {
    await watchAddress(options, {
      address: leader.proxyWallet.toLowerCase(),
      label: leader.userName.trim().slice(0, labelLengthMax) || undefined,
    })
  }
  log.info({ leaders: leaders.length }, 'watching the first leaders')
}
