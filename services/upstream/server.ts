// The market-data provider of the reference system: recorded quotes, replayed over HTTP and
// WebSocket in the shapes of the real provider's interfaces.

import { recordedDataFolder } from '../data/repository.ts'
import { addHealthRoute } from '../process/health.ts'
import { type ServiceLogger, silentLogger } from '../process/logger.ts'
import { addControlRoutes } from './control-routes.ts'
import { Exchange } from './exchange.ts'
import { listingOf } from './listing.ts'
import { MARKET_PATH, MarketSocket } from './market-socket.ts'
import { addOutsideMetrics } from './outside-metrics.ts'
import { createOutsideServer } from './outside-server.ts'
import { type Recording, readRecording } from './recording.ts'
import { Replay } from './replay.ts'
import { addMarketRoutes, addPriceRoutes, addTradeRoutes } from './routes.ts'
import type { FileCount } from './row-count.ts'
import { framesOf } from './tape.ts'
import { TradeDesk } from './trade-desk.ts'

export interface UpstreamOptions {
  /** 0 takes a free port. */
  readonly port: number
  readonly host?: string
  /** Opens `/control` and `/debug/health`. */
  readonly adminToken?: string | undefined
  /** Opens `/metrics`. */
  readonly metricsToken?: string | undefined
  /** Recorded time divided by replayed time. */
  readonly replaySpeed?: number
  /** A folder of recordings instead of the shipped one. */
  readonly dataFolder?: string | undefined
  readonly log?: ServiceLogger
  /** Starts held: time stands still until `/control/tick` or `/control/resume`. */
  readonly isPaused?: boolean
  readonly nowMs?: () => number
  /** Bytes that may wait for one WebSocket client. */
  readonly bufferBytesMax?: number
}

export interface Upstream {
  readonly url: string
  readonly wsUrl: string
  close(): Promise<void>
}

/** Starts the provider and resolves when it listens; rejects when there is nothing to replay. */
export async function openUpstream(options: UpstreamOptions): Promise<Upstream> {
  const { port, host = '127.0.0.1', adminToken, log = silentLogger() } = options
  const app = createOutsideServer(log)
  addOutsideMetrics(app, options.metricsToken)
  const stage = await prepare(log, options)
  const venue = { exchange: stage.exchange, desk: stage.desk }
  addMarketRoutes(app, venue)
  addPriceRoutes(app, venue)
  addTradeRoutes(app, venue)
  if (adminToken !== undefined) {
    addControlRoutes(app, { ...venue, replay: stage.replay, adminToken })
  }
  const { bufferBytesMax } = options
  const socket = new MarketSocket(venue, {
    http: app.server,
    ...(bufferBytesMax === undefined ? {} : { bufferBytesMax }),
  })
  // After the socket: what moved is told before the trades that follow from it.
  stage.exchange.onMoves((moves) => stage.desk.followMoves(moves))
  addHealthRoute(app, { service: 'upstream', adminToken, details: () => detailsOf(stage, socket) })
  const close = async () => {
    stage.replay.close()
    socket.close()
    await app.close()
  }
  try {
    const url = await app.listen({ port, host })
    if (options.isPaused !== true) stage.replay.resume()
    return { url, wsUrl: `${url.replace(/^http/, 'ws')}${MARKET_PATH}`, close }
  } catch (error) {
    await close()
    throw error
  }
}

interface Stage {
  readonly exchange: Exchange
  readonly desk: TradeDesk
  readonly replay: Replay
  readonly counts: readonly FileCount[]
  readonly duplicates: number
}

async function prepare(log: ServiceLogger, options: UpstreamOptions): Promise<Stage> {
  const folder = options.dataFolder ?? recordedDataFolder()
  const recording = await readRecording(folder)
  const { markets, duplicates } = listingOf(recording)
  for (const count of recording.counts) log.info(count, 'rows read')
  if (markets.length === 0) {
    throw new Error(`expected at least one usable market in ${folder}, found none`)
  }
  log.info({ folder, markets: markets.length, duplicates }, 'markets listed')
  const frames = framesOf(await quotesFor(recording.quotes))
  const quoted = [...new Set(frames.flatMap((frame) => [...frame.quotes.keys()]))].sort()
  const exchange = new Exchange({ markets, quoted, nowMs: options.nowMs ?? Date.now })
  const desk = new TradeDesk(exchange)
  const replay = new Replay({ frames, speed: options.replaySpeed ?? 120, exchange })
  return { exchange, desk, replay, counts: recording.counts, duplicates }
}

/** A folder without quotes borrows the moves of the shipped ones, so that its prices live. */
async function quotesFor(own: Recording['quotes']): Promise<Recording['quotes']> {
  return own.length > 0 ? own : (await readRecording(recordedDataFolder())).quotes
}

function detailsOf(stage: Stage, socket: MarketSocket): object {
  return {
    markets: stage.exchange.markets.length,
    duplicates: stage.duplicates,
    seq: stage.exchange.seq,
    replay: { state: stage.replay.state, ...stage.replay.position },
    clients: socket.counts,
    files: stage.counts,
  }
}
