/** What the indexer asks the provider: the trades of a wallet, and who leads. */
import { z } from 'zod'
import { requestJson } from '../process/http-client.ts'
import {
  leaderSchema,
  tradeSchema,
  type UpstreamLeader,
  type UpstreamTrade,
} from '../upstream/client-types.ts'

export interface TradesAfter {
  readonly address: string
  /** Sequence number; only later trades come. */
  readonly since: number
  readonly signal: AbortSignal
}

export const tradesPerRequest = 200
const rows = z.array(z.unknown())

/** Oldest first. Rows that can't be used are left out. */
export async function fetchTrades(
  upstreamUrl: string,
  { address, since, signal }: TradesAfter,
): Promise<UpstreamTrade[]> {
  const query = `user=${address}&since=${since}&limit=${tradesPerRequest}`
  const { body } = await requestJson(`${upstreamUrl}/trades?${query}`, { signal })
  return usable(body, tradeSchema)
}

export async function fetchLeaders(
  upstreamUrl: string,
  signal: AbortSignal,
): Promise<UpstreamLeader[]> {
  const { body } = await requestJson(`${upstreamUrl}/leaders`, { signal })
  return usable(body, leaderSchema)
}

function usable<S extends z.ZodType>(body: unknown, schema: S): z.output<S>[] {
  const parsed = rows.parse(body).map((row) => schema.safeParse(row))
  return parsed.filter((result) => result.success).map((result) => result.data)
}
