/** What the indexer asks the API: who is watched, and to watch somebody. */
import { z } from 'zod'
import { type WatchedAddress, watchedAddressSchema } from '../domain/leader.ts'
import { requestJson } from '../process/http-client.ts'

const watchedAnswer = z.object({ addresses: z.array(watchedAddressSchema) })

/** Answered from the database: this fills a cache, and must not be fed by another one. */
export async function fetchWatchedAddresses(
  apiUrl: string,
  signal: AbortSignal,
): Promise<WatchedAddress[]> {
  const headers = { 'cache-control': 'no-cache' }
  const { body } = await requestJson(`${apiUrl}/watched-addresses`, { headers, signal })
  return watchedAnswer.parse(body).addresses
}

export async function watchAddress(
  apiUrl: string,
  body: { readonly address: string; readonly label: string },
): Promise<void> {
  await requestJson(`${apiUrl}/watched-addresses`, { method: 'POST', body })
}
