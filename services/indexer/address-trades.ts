/**
 * Trades of one watched address, from the provider's rows to the table: what they mean is resolved
 * through the cache, they are stored in one transaction, then the readers of trades and ranking
 * are told, then the copy-trade listener is woken.
 */
import type { Database } from '../database/connection.ts'
import type { Transact } from '../database/transact.ts'
import { copyTradeChannel, type TokenMeaning } from '../domain/leader.ts'
import { leaderTradesWritten, type PolycoolCache } from '../domain/writes.ts'
import { commitWrite } from '../process/commit-write.ts'
import type { ServiceLogger } from '../process/logger.ts'
import type { Provider } from '../process/provider-quota.ts'
import type { UpstreamTrade } from '../upstream/client-types.ts'
import { type NewTrade, storeTrades } from './repositories/trade-writes.ts'

export interface FollowOptions {
  readonly cache: PolycoolCache
  readonly database: Database
  readonly transact: Transact
  readonly log: ServiceLogger
  readonly provider: Provider
  /** Tells a channel that there is something in the table; nobody relies on it. */
  readonly wake: (channel: string) => void
}

export interface AddressRows {
  readonly address: string
  /** Oldest first. */
  readonly rows: readonly UpstreamTrade[]
  /** All of them come after this place. */
  readonly since: number
  /** Where all of them are passed that can't be used; default: with the last of them. */
  readonly end?: number | undefined
}

/** A trade of a market that was not imported is waited for, but not longer than this. */
const unknownMarketWaitMs = 300_000

/** False: a trade is not understood yet; those before it are stored, it and the rest are not. */
export async function storeReadable(
  options: FollowOptions,
  { address, rows, since, end }: AddressRows,
): Promise<boolean> {
  const { cache, log, wake } = options
  const meanings = await cache.tokenMeaning.getMany(rows.map((row) => row.asset))
  const { trades, unknown, isWhole, ...read } = readable(rows, { meanings, since, address })
  const place = isWhole ? Math.max(read.place, end ?? 0) : read.place
  if (unknown > 0) log.warn({ address, unknown }, 'trades of unknown markets')
  if (place === since) return isWhole
  const { result: stored } = await commitWrite(
    options,
    leaderTradesWritten,
    async (transaction) => {
      const result = await storeTrades(transaction, { address, trades, place })
      const change = result === 0 ? undefined : {}
      return { result, change, subject: `address:${address}` }
    },
  )
  if (stored === 0) return isWhole
  wake(copyTradeChannel(address))
  return isWhole
}

interface ReadingFacts {
  readonly meanings: readonly (TokenMeaning | undefined)[]
  readonly since: number
  readonly address: string
}

/** What can be stored now, and where to go on: before the first trade still to be understood. */
function readable(rows: readonly UpstreamTrade[], { meanings, since, address }: ReadingFacts) {
  const trades: NewTrade[] = []
  let place = since
  let unknown = 0
  for (const [index, row] of rows.entries()) {
    const meaning = meanings[index]
    if (meaning === undefined) {
      unknown += 1
      const isAwaited = Date.now() - row.timestamp * 1_000 < unknownMarketWaitMs
      if (isAwaited) return { trades, place, unknown, isWhole: false }
    } else {
      trades.push(toTrade(row, address, meaning))
    }
    place = row.seq
  }
  return { trades, place, unknown, isWhole: true }
}

function toTrade(row: UpstreamTrade, address: string, meaning: TokenMeaning): NewTrade {
  return {
    ...meaning,
    address,
    seq: row.seq,
    transactionHash: row.transactionHash,
    side: row.side === 'BUY' ? 'buy' : 'sell',
    size: row.size,
    price: row.price,
    tradedAt: new Date(row.timestamp * 1_000).toISOString(),
  }
}
