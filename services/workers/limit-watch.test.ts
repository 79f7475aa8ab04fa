import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../../test/servers/eventually.ts'
import { startPostgres } from '../../test/servers/postgres.ts'
import { type ApiStage, openApiStage } from '../api/testing/api-stage.ts'
import { sampleMarket, sampleQuote } from '../api/testing/sample-data.ts'
import { transactor } from '../database/transact.ts'
import { HttpFault } from '../process/http-client.ts'
import { silentLogger } from '../process/logger.ts'
import { LimitWatch, salesMax } from './limit-watch.ts'
import { openPositionUpdater } from './position-updater.ts'
import { TradingClient } from './trading-client.ts'

const log = silentLogger()

let stage: ApiStage
let trading: TradingClient

beforeAll(async () => {
  const markets = ['11', '12', '13'].map((id) => sampleMarket(id))
  stage = await openApiStage(await startPostgres(), { markets })
  trading = new TradingClient(stage.api.url)
})
afterAll(() => stage.close())

interface Move {
  readonly bid: number
  readonly seq: number
  readonly onRepriced?: () => void
}

async function moveTo(
  marketId: string,
  { bid, seq, onRepriced = () => undefined }: Move,
): Promise<void> {
  const { database } = stage
  await stage.quote(sampleQuote(marketId, { bid, ask: bid + 0.02, seq }))
  const updater = openPositionUpdater({
    cache: stage.api.cache,
    transact: transactor(database),
    log,
    delayMs: 60_000,
    onRepriced,
  })
  updater.add([marketId])
  await updater.close()
}

/** Somebody's open position. */
async function newPosition(marketId: string): Promise<string> {
  const { id } = await stage.newUser()
  const order = { user_id: id, market_id: marketId, outcome: 'yes', amount: 10 }
  const { body } = await stage.ask('/positions', { method: 'POST', body: order })
  return `/positions/${(body as { id: number }).id}`
}

async function limit(path: string, limits: object): Promise<void> {
  await stage.ask(path, { method: 'PATCH', body: limits })
}

async function isSold(path: string): Promise<boolean> {
  return ((await stage.ask(path)).body as { status: string }).status === 'closed'
}

function watch(sell = (id: number) => trading.sell(id)): LimitWatch {
  return new LimitWatch({ database: stage.database, trading: { sell }, log })
}

test('a position is sold when its take-profit is reached, and not before', async () => {
  const path = await newPosition('11')
  await limit(path, { take_profit: 0.8, stop_loss: 0.2 })
  const limits = watch()
  const onRepriced = () => limits.wake()
  await moveTo('11', { bid: 0.7, seq: 2, onRepriced })
  expect((await stage.ask(path)).body).toMatchObject({ status: 'open', currentPrice: 0.7 })
  await moveTo('11', { bid: 0.85, seq: 3, onRepriced })
  await eventually('it is sold', () => isSold(path))
  expect((await stage.ask(path)).body).toMatchObject({ exitPrice: 0.85 })
  await limits.close()
})

test('a limit that is set past the price is sold without a tick', async () => {
  const path = await newPosition('12')
  const limits = watch()
  await limit(path, { stop_loss: 0.6 })
  await eventually('it is sold', () => isSold(path))
  await limits.close()
})

test('refused sales are tried again, and keep no other from being carried out', async () => {
  const paths: string[] = []
  for (let count = 0; count <= salesMax; count += 1) paths.push(await newPosition('12'))
  const last = paths.at(-1) ?? ''
  let isBought = false
  const limits = watch(async (id) => {
    if (isBought || last.endsWith(`/${id}`)) return trading.sell(id)
    throw new HttpFault(409, { code: 'no_price', message: 'Nobody buys.' })
  })
  for (const path of paths) await limit(path, { stop_loss: 0.6 })
  await eventually('the last is sold', () => isSold(last))
  isBought = true
  const areSold = async () => (await Promise.all(paths.map(isSold))).every(Boolean)
  await eventually('all are sold', areSold)
  await limits.close()
})

test('new marks are written while a sale is under way', async () => {
  const path = await newPosition('13')
  let end = () => {}
  const sale = new Promise<void>((resolve) => {
    end = resolve
  })
  let begun = 0
  const limits = watch(() => {
    begun += 1
    return sale
  })
  await limit(path, { stop_loss: 0.6 })
  await eventually('a sale is under way', () => begun === 1)
  await moveTo('13', { bid: 0.4, seq: 2, onRepriced: () => limits.wake() })
  expect((await stage.ask(path)).body).toMatchObject({ status: 'open', currentPrice: 0.4 })
  end()
  await limits.close()
})
