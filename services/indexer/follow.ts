/**
 * One round over one watched address: what it traded since the last round is stored, then the
 * readers of trades and ranking are told, then the copy-trade listener is woken.
 */

import type { Database } from '../database/connection.ts'
import type { Transact } from '../database/transact.ts'
import { copyTradeChannel, type TokenMeaning } from '../domain/leader.ts'
import { leaderTradesWritten, type PolycoolCache } from '../domain/writes.ts'
import { announce } from '../process/announce.ts'
import type { ServiceLogger } from '../process/logger.ts'
import type { UpstreamTrade } from '../upstream/client-types.ts'
import { type NewTrade, placeOf, storeTrades } from './repositories/trade-writes.ts'
import { fetchTrades } from './upstream-client.ts'

export interface FollowOptions {
  readonly cache: PolycoolCache
  readonly database: Database
  readonly transact: Transact
  readonly log: ServiceLogger
  readonly upstreamUrl: string
  /** Tells a channel that there is something in the table; nobody relies on it. */
  readonly wake: (channel: string) => void
}

/** A trade of a market that was not imported is waited for, but not longer than this. */
const unknownMarketWaitMs = 300_000

export async function followAddress(
  options: FollowOptions,
  address: string,
  signal: AbortSignal,
): Promise<void> {
  const { cache, database, transact, log, upstreamUrl, wake } = options
  const known = await placeOf(database, address)
  const since = known ?? 0
  const rows = await fetchTrades(upstreamUrl, { address, since, signal })
  if (rows.length === 0 && known !== undefined) return
  const meanings = await cache.tokenMeaning.getMany(rows.map((row) => row.asset))
  const { trades, place, unknown } = readable(rows, { meanings, since, address })
  if (unknown > 0) log.warn({ address, unknown }, 'trades of unknown markets')
  if (place === since && known !== undefined) return
  const stored = await transact(leaderTradesWritten.reason, (transaction) =>
    storeTrades(transaction, { address, trades, place }),
  )
  if (stored === 0) return
  const subject = `address:${address}`
  await announce({ cache, log }, { write: leaderTradesWritten, change: {}, subject })
  wake(copyTradeChannel(address))
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
      if (Date.now() - row.timestamp * 1_000 < unknownMarketWaitMs) break
    } else {
      trades.push(toTrade(row, address, meaning))
    }
    place = row.seq
  }
  return { trades, place, unknown }
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
