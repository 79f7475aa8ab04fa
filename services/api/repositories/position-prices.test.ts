// Who waits for a lock meanwhile misses nothing that others commit.
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { eventually } from '../../../test/servers/eventually.ts'
import { startPostgres } from '../../../test/servers/postgres.ts'
import { type ApiStage, openApiStage } from '../testing/api-stage.ts'
import { sampleMarket, sampleQuote } from '../testing/sample-data.ts'
import { batchUpdatePositionsPrices, syncPositionPrices } from './position-prices.ts'
import { sell } from './trading.ts'

let stage: ApiStage
let userId: number
let first: number
let second: number
let seq = 10

beforeAll(async () => {
  const markets = ['11', '12'].map((id) => sampleMarket(id))
  stage = await openApiStage(await startPostgres(), { markets })
})
afterAll(() => stage?.close())

beforeEach(async () => {
  await quote({ bid: 0.4, ask: 0.42 })
  userId = (await stage.newUser()).id
  first = await bought('11')
  second = await bought('12')
})

async function bought(marketId: string): Promise<number> {
  const body = { user_id: userId, market_id: marketId, outcome: 'yes', amount: 10 }
  return ((await stage.ask('/positions', { method: 'POST', body })).body as { id: number }).id
}

function quote(sides: { bid: number; ask: number }): Promise<void> {
  seq += 1
  return stage.quote(sampleQuote('12', { seq, ...sides }))
}

/** Resolves when somebody waits for a lock. */
function waitedFor(): Promise<void> {
  return eventually('somebody waits for a lock', async () => {
    const { rows } = await stage.database.execute(
      sql`select 1 from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`,
    )
    return rows.length > 0
  })
}

interface Scene<R> {
  readonly run: () => Promise<R>
  readonly meanwhile: () => Promise<unknown>
}

/** Runs while somebody else has the row of a position; `meanwhile` runs while it waits. */
async function behind<R>(positionId: number, { run, meanwhile }: Scene<R>): Promise<R> {
  let running: Promise<R> | undefined
  await stage.database.transaction(async (transaction) => {
    await transaction.execute(sql`select 1 from positions where id = ${positionId} for update`)
    running = run()
    await waitedFor()
    await meanwhile()
  })
  return running ?? run()
}

async function markOf(positionId: number): Promise<number> {
  const { rows } = await stage.database.execute<{ current_price: string }>(
    sql`select current_price from positions where id = ${positionId}`,
  )
  return Number(rows[0]?.current_price)
}

test('a mark that waited for a lock is never of an older price than one of meanwhile', async () => {
  await quote({ bid: 0.6, ask: 0.62 })
  await behind(first, {
    run: () => stage.database.transaction((transaction) => syncPositionPrices(transaction, userId)),
    meanwhile: async () => {
      await quote({ bid: 0.3, ask: 0.32 })
      await stage.database.transaction((each) => batchUpdatePositionsPrices(each, ['12']))
      expect(await markOf(second)).toBe(0.3)
    },
  })
  expect(await markOf(second)).toBe(0.3)
})

test('a sale that waited for a lock is at the price of when it has it', async () => {
  const { position } = await behind(second, {
    run: () => stage.database.transaction((each) => sell(each, { positionId: second, userId })),
    meanwhile: () => quote({ bid: 0.3, ask: 0.32 }),
  })
  expect(position.exitPrice).toBe(0.3)
})
