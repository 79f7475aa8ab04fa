// Holds, steps and steers the replay, for tests and the tour. Guarded by the administrator token;
// where none is configured the routes do not exist.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { adminGuard } from '../process/admin-token.ts'
import { ServiceError } from '../process/service-error.ts'
import { tradeRow } from './gamma.ts'
import type { OutsideServer } from './outside-server.ts'
import type { Replay } from './replay.ts'
import type { Venue } from './routes.ts'
import { leaders } from './wallet.ts'

/** At most this many moments in one request. */
const TICKS_MAX = 1_000

const ticks = z.object({ count: z.number().int().min(1).max(TICKS_MAX).default(1) }).nullish()
const order = z.strictObject({
  wallet: z.string().transform((address) => address.toLowerCase()),
  /** Absent: the first market. */
  marketId: z.string().optional(),
  side: z.enum(['BUY', 'SELL']).default('BUY'),
  outcomeIndex: z.union([z.literal(0), z.literal(1)]).default(0),
  size: z.number().positive().max(1_000_000).default(10),
})

export interface Control extends Venue {
  readonly replay: Replay
  readonly adminToken: string
}

export function addControlRoutes(app: OutsideServer, control: Control): void {
  const { replay, exchange } = control
  const onRequest = adminGuard(control.adminToken)
  const state = () => ({ state: replay.state, ...replay.position, seq: exchange.seq })
  app.post('/control/pause', { onRequest }, async () => {
    replay.pause()
    return state()
  })
  app.post('/control/resume', { onRequest }, async () => {
    replay.resume()
    return state()
  })
  app.post('/control/tick', { onRequest, schema: { body: ticks } }, async ({ body }) => {
    const moved = new Set<string>()
    for (let index = 0; index < (body?.count ?? 1); index += 1) {
      for (const { market } of replay.tick()) moved.add(market.id)
      // Between two moments the sockets get their turn, as they do when the tape runs by itself.
      await nextTurn()
    }
    return { ...state(), moved: [...moved] }
  })
  app.post('/control/trade', { onRequest, schema: { body: order } }, async ({ body }) =>
    tradeNow(control, body),
  )
}

function tradeNow({ exchange, desk }: Control, body: z.output<typeof order>) {
  const wallet = leaders.find(({ address }) => address === body.wallet)
  const marketId = body.marketId ?? exchange.markets[0]?.id ?? ''
  const market = exchange.market(marketId)
  if (wallet === undefined) throw refusal(`expected the address of a leader, got ${body.wallet}`)
  if (market === undefined) throw refusal(`expected the id of a market, got ${marketId}`)
  const trade = desk.trade({ ...body, wallet, market })
  if (trade !== undefined) return tradeRow(trade)
  throw refusal(`expected an offer to ${body.side} and, to sell, shares held; found neither`)
}

function refusal(message: string): ServiceError {
  return new ServiceError(422, 'order_refused', message)
}
