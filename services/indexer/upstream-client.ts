/** What the indexer asks the provider: the trades of a wallet, and who leads. */
import { z } from 'zod'
import { askProvider, type Provider } from '../process/provider-quota.ts'
import {
  leaderSchema,
  tradeSchema,
  type UpstreamLeader,
  type UpstreamTrade,
} from '../upstream/client-types.ts'

export interface TradesAfter {
  /** Absent: the trades of everybody. */
  readonly address?: string
  /** Sequence number; only later trades come. */
  readonly since: number
  readonly signal: AbortSignal
}

/** A part of the provider's list of trades. */
export interface TradePage {
  /** Oldest first. Those that can't be used are left out. */
  readonly rows: readonly UpstreamTrade[]
  /** Number of those that are left out. */
  readonly skipped: number
  /** Sequence number of the last one, whether it can be used or not; absent where there is none. */
  readonly end: number | undefined
  /** Later ones are to be asked for. */
  readonly isFull: boolean
}

const tradesPerRequest = 200
const list = z.array(z.unknown())
/** All that is needed to ask for what comes after a trade. */
const placeSchema = tradeSchema.pick({ seq: true })

export async function fetchTrades(
  provider: Provider,
  { address, since, signal }: TradesAfter,
): Promise<TradePage> {
  const whose = address === undefined ? '' : `user=${address}&`
  const query = `${whose}since=${since}&limit=${tradesPerRequest}`
  const { body } = await askProvider(provider, `/trades?${query}`, signal)
  const all = list.parse(body)
  const rows = usable(all, tradeSchema)
  const end = usable(all, placeSchema).at(-1)?.seq
  const isFull = all.length === tradesPerRequest
  if (isFull && end === undefined) {
    throw new Error(`expected sequence numbers in a page after ${since}, got ${all.length} without`)
  }
  return { rows, skipped: all.length - rows.length, end, isFull }
}

/** The sequence number of the newest trade of all, 0 where there is none. */
export async function fetchLatestPlace(provider: Provider, signal: AbortSignal): Promise<number> {
  const { body } = await askProvider(provider, '/trades?limit=1', signal)
  return usable(list.parse(body), placeSchema)[0]?.seq ?? 0
}

export async function fetchLeaders(
  provider: Provider,
  signal: AbortSignal,
): Promise<UpstreamLeader[]> {
  const { body } = await askProvider(provider, '/leaders', signal)
  return usable(list.parse(body), leaderSchema)
}

function usable<S extends z.ZodType>(rows: readonly unknown[], schema: S): z.output<S>[] {
  const parsed = rows.map((row) => schema.safeParse(row))
  return parsed.filter((result) => result.success).map((result) => result.data)
}
