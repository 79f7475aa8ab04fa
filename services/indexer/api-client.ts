/** What the indexer asks the API: who is watched, and to watch somebody. */
import { z } from 'zod'
import { type WatchedAddress, watchedAddressSchema } from '../domain/leader.ts'
import { asService } from '../process/admin-token.ts'
import { requestJson } from '../process/http-client.ts'

const watchedAnswer = z.object({ addresses: z.array(watchedAddressSchema) })

export interface ApiAccess {
  readonly apiUrl: string
  /** Shows the API that a service asks, whose requests it does not count. */
  readonly adminToken?: string | undefined
}

/** Answered from the database: this fills a cache, and must not be fed by another one. */
export async function fetchWatchedAddresses(
  { apiUrl, adminToken }: ApiAccess,
  signal: AbortSignal,
): Promise<WatchedAddress[]> {
  const headers = { 'cache-control': 'no-cache', ...asService(adminToken) }
  const { body } = await requestJson(`${apiUrl}/watched-addresses`, { headers, signal })
  return watchedAnswer.parse(body).addresses
}

export async function watchAddress(
  { apiUrl, adminToken }: ApiAccess,
  body: { readonly address: string; readonly label?: string | undefined },
): Promise<void> {
  const headers = asService(adminToken)
  await requestJson(`${apiUrl}/watched-addresses`, { method: 'POST', body, headers })
}
