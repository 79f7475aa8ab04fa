/**
 * How often the provider is asked over HTTP, by all services and processes together. Whoever
 * finds the quota used up waits for its turn, in the order of asking.
 */
import type { TokenBucket } from 'staleproof'
import type { PolycoolCache } from '../domain/writes.ts'
import { type JsonAnswer, requestJson } from './http-client.ts'

export const providerRequestsPerSecond = 20
/** A whole import of markets, or two polls, at once. */
const burst = 100
const longestWait = '5s'

/** The provider as a service asks it. */
export interface Provider {
  readonly url: string
  readonly quota: TokenBucket
}

export function providerAt(url: string, cache: PolycoolCache): Provider {
  const rate = { rate: providerRequestsPerSecond, per: '1s', burst } as const
  return { url, quota: cache.limiter('provider', rate) }
}

/** `path` begins with a slash. Rejects with `SP_RATE_LIMITED` where a turn would take too long. */
export async function askProvider(
  { url, quota }: Provider,
  path: string,
  signal: AbortSignal,
): Promise<JsonAnswer> {
  await quota.take(1, { wait: longestWait, signal })
  return requestJson(`${url}${path}`, { signal })
}
