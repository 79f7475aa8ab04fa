/** Users, markets and prices for tests that need a database with something in it. */
import { randomInt } from 'node:crypto'
import type { Database } from '../../database/connection.ts'
import type { Market } from '../../domain/market.ts'
import type { Quote } from '../../domain/price.ts'
import { importMarkets } from '../../workers/repositories/market-writes.ts'
import { writeQuotes } from '../../workers/repositories/price-writes.ts'

const dayMs = 86_400_000

export function sampleMarket(id: string, changes: Partial<Market> = {}): Market {
  return {
    id,
    conditionId: `0x${id.padStart(64, '0')}`,
    slug: `market-${id}`,
    question: `Will ${id} happen?`,
    category: 'sports',
    groupId: null,
    yesTokenId: `${id}1`,
    noTokenId: `${id}2`,
    volume: 1_000,
    liquidity: 500,
    endsAt: new Date(Date.now() + dayMs).toISOString(),
    isActive: true,
    createdAt: '2026-07-10T12:00:00.000Z',
    ...changes,
  }
}

export function sampleQuote(marketId: string, changes: Partial<Quote> = {}): Quote {
  const quotedAt = '2026-07-10T20:25:46.000Z'
  return { marketId, bid: 0.49, ask: 0.51, seq: 1, quotedAt, ...changes }
}

/** Markets with a price each. */
export async function addMarkets(database: Database, markets: readonly Market[]): Promise<void> {
  await database.transaction(async (transaction) => {
    await importMarkets(transaction, markets)
    await writeQuotes(
      transaction,
      markets.map((market) => sampleQuote(market.id)),
    )
  })
}

/** A Telegram id that no other test uses. */
export function anyTelegramId(): number {
  return randomInt(1, 2 ** 47)
}
