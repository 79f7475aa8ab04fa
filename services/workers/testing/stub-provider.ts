/** A provider of market data that says whatever a test wants it to, rows that are none included. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Market } from '../../domain/market.ts'

export class StubProvider {
  readonly url: string
  readonly wsUrl: string
  /** What `/prices` answers, whatever is asked for. */
  readonly prices: unknown[] = []
  /** Rows that every page of markets has too, whatever is asked for. */
  readonly markets: object[] = []
  /** The paths that were asked for. */
  readonly asked: string[] = []
  #offered: readonly Market[] = []
  readonly #http: ReturnType<typeof createServer>
  readonly #sockets: WebSocketServer

  private constructor(http: ReturnType<typeof createServer>) {
    this.#http = http
    this.#sockets = new WebSocketServer({ server: http })
    this.#sockets.on('connection', (socket) => {
      socket.on('message', (data) => this.#hear(socket, String(data)))
    })
    const { port } = http.address() as AddressInfo
    this.url = `http://127.0.0.1:${port}`
    this.wsUrl = `ws://127.0.0.1:${port}`
    http.on('request', (request, response) => {
      const url = new URL(request.url ?? '', this.url)
      this.asked.push(url.pathname + url.search)
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(url.pathname === '/prices' ? this.prices : this.#page(url)))
    })
  }

  static async open(): Promise<StubProvider> {
    const http = createServer()
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    return new StubProvider(http)
  }

  /** From now on it has this market, in place of one of the same id. */
  offer(market: Market | undefined): void {
    if (market === undefined) return
    this.#offered = [...this.#offered.filter(({ id }) => id !== market.id), market]
  }

  /** One frame to everybody. */
  say(...messages: readonly unknown[]): void {
    for (const socket of this.#sockets.clients) socket.send(JSON.stringify(messages))
  }

  close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate()
    this.#http.closeAllConnections()
    return new Promise((resolve) => this.#http.close(() => resolve()))
  }

  /** As the provider does, it begins with what it has whenever somebody subscribes. */
  #hear(socket: WebSocket, text: string): void {
    if (text === 'PING' || text.includes('unsubscribe')) return
    socket.send(JSON.stringify(this.#offered.map((market) => bestMessage(market, 1))))
  }

  /** All of them, or those of the conditions that are asked for. */
  #page(url: URL): object[] {
    const wanted = url.searchParams.get('condition_ids')?.split(',')
    const offered = this.#offered
      .filter(({ conditionId }) => wanted === undefined || wanted.includes(conditionId))
      .map(rowOf)
    return [...this.markets, ...offered]
  }
}

/** A market as the provider lists it. */
export function rowOf(market: Market): object {
  const { id, conditionId, slug, question, yesTokenId, noTokenId, createdAt } = market
  const clobTokenIds = JSON.stringify([yesTokenId, noTokenId])
  return { id, conditionId, slug, question, clobTokenIds, createdAt, active: market.isActive }
}

/** A message that names a market and says no price of it. */
export function tradeMessage({ conditionId, yesTokenId }: Market): object {
  return {
    event_type: 'last_trade_price',
    market: conditionId,
    asset_id: yesTokenId,
    price: '0.5',
    size: '1',
    side: 'BUY',
    seq: 1,
    timestamp: '1783715146000',
  }
}

/** What its channel says of a market whose best prices have moved. */
export function bestMessage(market: Market, seq: number, bid = '0.4'): object {
  return {
    event_type: 'best_bid_ask',
    market: market.conditionId,
    asset_id: market.yesTokenId,
    best_bid: bid,
    best_ask: '0.6',
    spread: '0.2',
    seq,
    timestamp: '1783715146000',
  }
}
